package dev.forearm.launch.episodes;

import dev.forearm.datasets.lerobot.LeRobotExport;
import dev.forearm.datasets.store.DatasetUpload;
import dev.forearm.datasets.store.StorePlace;
import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.episode.EpisodeSurvey;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code forearm episodes export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write episodes of one robot as a dataset that others train from.",
      "It appears under its name when it is complete. An export that was ended goes on, with the",
      "same command, behind the last files that were whole. --to sends it to object storage as well:",
      "AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say where and who."
    })
final class ExportCommand implements Callable<Integer> {
  /** What can be written. */
  enum Format {
    LEROBOT
  }

  @Option(names = "--format", required = true, description = "lerobot: a LeRobotDataset v3.0.")
  private Format format;

  @Option(names = "-o", paramLabel = "DATASET", required = true, description = "A new folder.")
  private Path target;

  @Option(
      names = "--robot",
      description =
          "Robot file, or the name of one that comes with Forearm (default: the name that the first episode has).")
  private @Nullable String robotName;

  @Option(
      names = "--fps",
      description = "Frames a second, a whole number (default: the robot's policy rate).")
  private @Nullable Integer fps;

  @Option(
      names = "--camera",
      paramLabel = "TOPIC",
      description =
          "Its pictures; may be repeated (default: all of which the first episode has some).")
  private List<String> cameras = List.of();

  @Option(names = "--no-cameras", description = "Joints only.")
  private boolean noCameras;

  @Option(
      names = "--task",
      paramLabel = "NAME=TEXT",
      description = "What a task is called in the dataset (default: its name); may be repeated.")
  private Map<String, String> tasks = Map.of();

  @Option(
      names = "--to",
      paramLabel = "s3://BUCKET/PREFIX",
      converter = ByAddress.class,
      description =
          "Send the dataset there; what is there already is not sent again, and a dataset that -o has already is taken as it is.")
  private @Nullable StorePlace place;

  @Parameters(paramLabel = "EPISODE|FOLDER", arity = "1..*", description = "What to export.")
  private List<Path> places;

  @Mixin private Output output;

  @Override
  public Integer call() {
    List<Path> files = new ArrayList<>();
    places.forEach(place -> files.addAll(EpisodeReader.files(place)));
    Path first = files.getFirst();
    Robot robot = House.robot(robotName, EpisodeSurvey.heading(first).info());
    List<String> topics = noCameras ? List.of() : cameras;
    if (!noCameras && topics.isEmpty()) {
      topics = LeRobotExport.cameras(first, robot);
    }
    LeRobotExport export =
        switch (format) {
          case LEROBOT ->
              new LeRobotExport(
                  robot,
                  target,
                  topics,
                  framesPerSecond(robot),
                  task -> tasks.getOrDefault(task, task),
                  System.out::println);
        };
    StorePlace to = place;
    if (to == null) {
      output.write(report(export.export(files)));
      return 0;
    }
    Consumer<String> said = System.out::println;
    try (DatasetUpload upload = new DatasetUpload(System.getenv(), to, said)) {
      Map<String, Object> report =
          report(export.exported(files).orElseGet(() -> export.export(files)));
      report.putAll(send(upload, to));
      output.write(report);
    }
    return 0;
  }

  private Map<String, Object> report(LeRobotExport.Result result) {
    System.out.printf("%s: %s episodes, %s frames%n", target, result.episodes(), result.frames());
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("dataset", target.toString());
    report.put("episodes", result.episodes());
    report.put("resumed", result.resumed());
    report.put("frames", result.frames());
    return report;
  }

  private Map<String, Object> send(DatasetUpload upload, StorePlace to) {
    DatasetUpload.Result sent = upload.send(target, LeRobotExport.completing(target));
    System.out.printf("%s: %s files, %s of them sent now%n", to, sent.files(), sent.filesSent());
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("to", to.toString());
    report.put("files", sent.files());
    report.put("files_sent", sent.filesSent());
    report.put("bytes_sent", sent.bytesSent());
    return report;
  }

  private int framesPerSecond(Robot robot) {
    Integer asked = fps;
    double wanted = asked == null ? 1e9 / robot.policyPeriodNanos() : asked;
    if (wanted < 1 || wanted != Math.rint(wanted)) {
      throw new LaunchFailure(
          "--fps: found %s, wanted a whole number of 1 at least".formatted(wanted));
    }
    return (int) wanted;
  }

  /** Says what was wanted only: picocli would repeat what it was given, credentials included. */
  static final class ByAddress implements ITypeConverter<StorePlace> {
    @Override
    public StorePlace convert(String address) {
      try {
        return StorePlace.parse(address);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
