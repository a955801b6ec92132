package dev.forearm.launch.episodes;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.launch.RawTerminal;
import dev.forearm.launch.StopSignal;
import dev.forearm.models.learn.LabelEvidence;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeSurvey;
import dev.forearm.runtime.episode.RecordedPlans;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm episodes label}, also {@code forearm label}. */
@Command(
    name = "label",
    mixinStandardHelpOptions = true,
    description = {
      "Say of recorded episodes whether they succeeded and when each stage was done, where nothing",
      "judges the task. Written beside each episode as NAME.labels.json; the episode stays as it is,",
      "and whoever reads it takes the labels first.",
      "Without a label, replays them in the terminal and labels by keys, as 'forearm view' does in a",
      "window; without a terminal, reads a line an episode."
    })
public final class LabelCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "EPISODE|FOLDER",
      description = "An episode, or a folder: all of them get the same labels, or are asked for.")
  private Path place;

  @Option(names = "--success", description = "The task was done.")
  private boolean success;

  @Option(names = "--failure", description = "It was not.")
  private boolean failure;

  @Option(names = "--unlabel", description = "Take its labels away.")
  private boolean unlabel;

  @Option(
      names = "--stage",
      paramLabel = "N@SECONDS",
      description = "N stages were done so long after the first observation; may be repeated.")
  private List<String> stages = List.of();

  @Option(
      names = "--play",
      description = "Replay them in the terminal, to be labelled by keys; the default in one.")
  private boolean play;

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Seconds of an episode in one, as they are replayed (default: ${DEFAULT-VALUE}).")
  private double speed;

  @Option(
      names = "--robot",
      description =
          "Robot file, or the name of one that comes with Forearm, to replay (default: the name that the episode has).")
  private @Nullable String robotName;

  @Option(
      names = "--check",
      description = {
        "Say whether the labels of a folder's episodes have to do with what was recorded; exits 1",
        "if, among episodes enough, nothing of the recordings tells them."
      })
  private boolean check;

  @Mixin private Output output;

  @Override
  public Integer call() {
    if (Stream.of(success, failure, unlabel, play).filter(said -> said).count() > 1
        || (play && !stages.isEmpty())) {
      throw new LaunchFailure(
          "label: found more than one of --success, --failure, --unlabel and --play, or --stage with --play; wanted one");
    }
    List<Path> files = EpisodeReader.files(place);
    if (check) {
      return checked(files);
    }
    if (unlabel) {
      files.forEach(EpisodeLabels::delete);
      System.out.printf("%s episodes have no labels now%n", files.size());
      output.write(Map.of("episodes", files.size(), "labelled", 0));
      return 0;
    }
    boolean told = success || failure || !stages.isEmpty();
    int labelled =
        told ? labelAll(files) : play || Output.isTerminal() ? replay(files) : ask(files);
    System.out.printf("labelled %s of %s episodes%n", labelled, files.size());
    output.write(Map.of("episodes", files.size(), "labelled", labelled));
    return 0;
  }

  private int replay(List<Path> files) {
    try (StopSignal stop = new StopSignal();
        RawTerminal terminal =
            RawTerminal.open(
                "label --play",
                "say --success, --failure and --stage, or a line an episode without --play")) {
      TerminalReplay.play(
          files,
          file -> House.robot(robotName, EpisodeSurvey.heading(file).info()),
          speed,
          terminal,
          new MonotonicClock(),
          stop::wanted);
    }
    return (int) files.stream().filter(file -> EpisodeLabels.read(file).isPresent()).count();
  }

  private int checked(List<Path> files) {
    LabelEvidence.Gatherer gatherer = new LabelEvidence.Gatherer();
    for (Path file : files) {
      try {
        gatherer.add(EpisodeReader.read(file));
      } catch (RuntimeFault fault) {
        System.err.println("left out: " + fault.getMessage());
      }
    }
    LabelEvidence found = gatherer.evidence();
    String verdict = found.verdict().name().toLowerCase(Locale.ROOT);
    System.out.println(verdict.replace('_', ' ') + ": " + found.words());
    output.write(
        Map.of("episodes", found.episodes(), "verdict", verdict, "explanation", found.words()));
    return found.verdict() == LabelEvidence.Verdict.NO_INFORMATION ? 1 : 0;
  }

  private int labelAll(List<Path> files) {
    Optional<Boolean> done = success || failure ? Optional.of(success) : Optional.empty();
    EpisodeLabels labels = labels(done, stages);
    if (!stages.isEmpty() && files.size() > 1) {
      throw new LaunchFailure(
          "label %s: found --stage for %s episodes, wanted one; stages are done at other times in each"
              .formatted(place, files.size()));
    }
    files.forEach(labels::write);
    return files.size();
  }

  private static EpisodeLabels labels(Optional<Boolean> done, List<String> stages) {
    try {
      return new EpisodeLabels(done, stages.stream().map(LabelCommand::stage).toList());
    } catch (IllegalArgumentException e) {
      throw new LaunchFailure("label: " + e.getMessage(), e);
    }
  }

  private static EpisodeLabels.Stage stage(String text) {
    String[] parts = text.split("@", -1);
    try {
      if (parts.length == 2) {
        return new EpisodeLabels.Stage(Integer.parseInt(parts[0]), Double.parseDouble(parts[1]));
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new IllegalArgumentException(
        "stage '%s', wanted a number and a time in seconds, such as 1@3.2".formatted(text));
  }

  /** Asks on standard input, one line an episode, until it ends. */
  private static int ask(List<Path> files) {
    System.out.println("s: success, f: failure, N@SECONDS: stages after it; Enter: next, q: end");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    int labelled = 0;
    for (int i = 0; i < files.size(); ) {
      @Nullable String answer = answer(in, files.get(i));
      if (answer == null || answer.strip().equals("q")) {
        break;
      }
      try {
        labelled += label(files.get(i), answer) ? 1 : 0;
        i++;
      } catch (LaunchFailure wrong) {
        System.out.println(wrong.getMessage());
      }
    }
    return labelled;
  }

  private static boolean label(Path file, String answer) {
    List<String> words = new ArrayList<>(List.of(answer.strip().split("\\s+")));
    Optional<Boolean> done =
        switch (words.getFirst()) {
          case "s" -> Optional.of(true);
          case "f" -> Optional.of(false);
          default -> Optional.empty();
        };
    if (done.isPresent()) {
      words.removeFirst();
    }
    words.removeIf(String::isEmpty);
    if (done.isEmpty() && words.isEmpty()) {
      return false;
    }
    labels(done, words).write(file);
    return true;
  }

  private static @Nullable String answer(BufferedReader in, Path file) {
    try {
      System.out.printf("%s  %s: ", file.getFileName(), known(file));
      System.out.flush();
      return in.readLine();
    } catch (IOException e) {
      throw new LaunchFailure("label: cannot read answers (%s)".formatted(e), e);
    }
  }

  private static String known(Path file) {
    try {
      RecordedPlans episode = EpisodeReader.read(file);
      double seconds =
          (episode.observations().lastKey() - episode.observations().firstKey()) * 1e-9;
      return String.format(
          Locale.ROOT,
          "%s, %.1f s, %s",
          episode.task(),
          seconds,
          episode.outcome().getOrDefault("result", "unknown"));
    } catch (RuntimeFault fault) {
      return String.valueOf(fault.getMessage());
    }
  }
}
