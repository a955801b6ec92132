package dev.forearm.datasets.lerobot;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.datasets.EpisodeFrames;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.report.JsonFile;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes episodes of one robot as a LeRobotDataset v3.0: {@code observation.state} and {@code
 * action} are joint positions in command order under the joints' names, rad or m, at the rule of
 * {@link EpisodeFrames}; each camera is an AV1 video. A dataset appears under its name when it is
 * complete, and not before. On the caller's thread.
 */
public final class LeRobotExport {
  /**
   * What came out.
   *
   * @param episodes in the dataset
   * @param resumed of these, taken over from an export that was ended before
   * @param frames in the dataset
   */
  public record Result(int episodes, int resumed, long frames) {}

  private static final String RULE =
      "of each source the newest value measured at or before the frame; commands from when they were sent";

  private final Robot robot;
  private final Path target;
  private final Path root;
  private final DatasetShape shape;
  private final UnaryOperator<String> task;
  private final Consumer<String> said;
  private final double groupSeconds;

  /**
   * @param target folder of the dataset, which must not be there yet
   * @param cameras topics whose pictures go into it
   * @param fps frames a second
   * @param task text of a task, from the name that an episode has
   * @param said told of each episode in a line
   */
  public LeRobotExport(
      Robot robot,
      Path target,
      List<String> cameras,
      int fps,
      UnaryOperator<String> task,
      Consumer<String> said) {
    this(robot, target, cameras, fps, task, said, EpisodeGroup.SECONDS_MAX);
  }

  LeRobotExport(
      Robot robot,
      Path target,
      List<String> cameras,
      int fps,
      UnaryOperator<String> task,
      Consumer<String> said,
      double groupSeconds) {
    this.robot = robot;
    this.target = target;
    this.root = target.resolveSibling(target.getFileName() + ".partial");
    this.shape = new DatasetShape(robot, cameras, fps);
    this.task = task;
    this.said = said;
    this.groupSeconds = groupSeconds;
  }

  /** The file that a dataset has when it is complete, and without which it is none. */
  public static Path completing(Path dataset) {
    return Layout.info(dataset);
  }

  /** The robot's cameras that an episode has pictures of. */
  public static List<String> cameras(Path episode, Robot robot) {
    try (McapReader reader = McapReader.open(episode)) {
      return robot.topics().images().stream()
          .filter(topic -> reader.messageCount(topic) > 0)
          .toList();
    }
  }

  /**
   * What an export of the same episodes in the same way has made of the dataset before; empty if
   * there is none under its name, or another.
   *
   * @param files as in {@link #export}
   */
  public Optional<Result> exported(List<Path> files) {
    if (!Files.exists(Layout.provenance(target))) {
      return Optional.empty();
    }
    try {
      String found = Json.write(Json.read(Files.readString(Layout.provenance(target))));
      if (!found.equals(Json.write(provenance(sources(files))))
          || !(Json.read(Files.readString(Layout.info(target))) instanceof Map<?, ?> info)
          || !(info.get("total_frames") instanceof Number frames)) {
        return Optional.empty();
      }
      return Optional.of(new Result(files.size(), files.size(), frames.longValue()));
    } catch (IOException e) {
      throw new DatasetFault("read %s: %s".formatted(target, e.getMessage()), e);
    }
  }

  private List<Source> sources(List<Path> files) {
    return files.stream().map(file -> Source.of(file, task)).toList();
  }

  /**
   * Exports.
   *
   * @param files of episodes, in the order that they get
   * @throws DatasetFault if the dataset is there already or being written, or an episode does not
   *     fit
   * @throws RuntimeFault if an episode cannot be read
   */
  public Result export(List<Path> files) {
    if (Files.exists(target)) {
      throw new DatasetFault(
          "export %s: it is there already, wanted a new name; name another or remove it"
              .formatted(target));
    }
    Path lockFile = root.resolveSibling(root.getFileName() + ".lock");
    try {
      Files.createDirectories(target.toAbsolutePath().resolveSibling("."));
    } catch (IOException e) {
      throw unwritten(e);
    }
    try (FileChannel channel = FileChannel.open(lockFile, CREATE, WRITE);
        @Nullable FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new DatasetFault("export %s: another export is writing it".formatted(target));
      }
      Result result = exportLocked(files);
      Files.delete(lockFile);
      return result;
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  private DatasetFault unwritten(IOException e) {
    return new DatasetFault(
        "export %s: %s; free some space or name another folder".formatted(target, e), e);
  }

  private Result exportLocked(List<Path> files) throws IOException {
    List<Source> sources = sources(files);
    Progress progress =
        Progress.of(root, asked(), sources.stream().map(Source::key).toList(), shape);
    int resumed = progress.episodes.size();
    if (resumed > 0) {
      said.accept("%s episodes are there from before".formatted(resumed));
      removeFrom(progress.groups);
    } else {
      removeAll();
    }
    Files.createDirectories(root.resolve("meta"));
    while (progress.episodes.size() < sources.size()) {
      writeGroup(sources, progress);
    }
    finish(sources, progress);
    return new Result(sources.size(), resumed, progress.frames);
  }

  /** What tells this export from another one into the same place. */
  private Map<String, Object> asked() {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("robot", robot.name());
    asked.put("joints", robot.jointNames());
    asked.put("cameras", shape.cameras());
    asked.put("fps", shape.fps());
    return asked;
  }

  private List<Path> files(int group) {
    List<Path> files =
        new ArrayList<>(List.of(Layout.data(root, group), Layout.episodes(root, group)));
    for (String camera : shape.cameras()) {
      files.add(Layout.video(root, Layout.feature(camera), group));
    }
    return files;
  }

  /** Removes the files of groups that were not complete. */
  private void removeFrom(int group) throws IOException {
    for (int left = group; ; left++) {
      boolean found = false;
      for (Path file : files(left)) {
        found |= Files.deleteIfExists(file);
      }
      if (!found) {
        return;
      }
    }
  }

  /** Removes what another export left. */
  private void removeAll() throws IOException {
    if (Files.exists(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void writeGroup(List<Source> sources, Progress progress) throws IOException {
    long frames = progress.frames;
    List<String> episodes = new ArrayList<>();
    try (EpisodeGroup group = new EpisodeGroup(root, progress.groups, shape, groupSeconds)) {
      while (!group.isFull() && progress.episodes.size() + episodes.size() < sources.size()) {
        int index = progress.episodes.size() + episodes.size();
        Source source = sources.get(index);
        frames += write(source, index, frames, progress.task(source.task()), group);
        episodes.add(source.key());
      }
      group.finish();
      group
          .levels()
          .forEach((feature, seen) ->
              progress.levels.computeIfAbsent(feature, _ -> new PixelLevels()).add(seen));
    }
    progress.episodes.addAll(episodes);
    progress.frames = frames;
    force(progress.groups);
    progress.groups++;
    progress.write(root, shape);
  }

  private long write(Source source, int index, long from, int taskIndex, EpisodeGroup group) {
    Optional<RecordedPlans> plans = plans(source.file());
    List<Integer> stages = new ArrayList<>();
    long count =
        EpisodeFrames.read(
            source.file(),
            robot,
            shape.cameras(),
            shape.fps(),
            frame -> {
              stages.add(plans.map(read -> read.stage(frame.nanos())).orElse(0));
              group.add(frame);
            });
    int[] done = stages.stream().mapToInt(Integer::intValue).toArray();
    group.endEpisode(source, index, from, taskIndex, done);
    said.accept("%s: %s frames".formatted(source.file().getFileName(), count));
    return count;
  }

  /** Empty of episodes that no policy had a part in, of which nobody judged the stages. */
  private static Optional<RecordedPlans> plans(Path file) {
    try (McapReader reader = McapReader.open(file)) {
      return reader.messageCount("/forearm/observation") == 0
          ? Optional.empty()
          : Optional.of(EpisodeReader.read(file));
    }
  }

  private void finish(List<Source> sources, Progress progress) throws IOException {
    try (Tables tables = new Tables()) {
      writeTasks(tables, progress.tasks);
      JsonFile.write(Layout.statistics(root), statistics(tables, progress));
    }
    JsonFile.write(Layout.info(root), info(progress));
    JsonFile.write(Layout.provenance(root), provenance(sources));
    Progress.delete(root);
    Files.move(root, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(target.resolveSibling("."), READ)) {
      folder.force(true);
    }
  }

  /**
   * The text of a task is the table's index for pandas, which is how LeRobot looks it up: without
   * the footer that says so, it would find numbers.
   */
  private void writeTasks(Tables tables, List<String> tasks) {
    tables.run("CREATE TABLE tasks (task_index BIGINT, task VARCHAR)");
    for (int i = 0; i < tasks.size(); i++) {
      tables.run("INSERT INTO tasks VALUES (CAST(? AS BIGINT), ?)", "" + i, tasks.get(i));
    }
    List<Object> columns = List.of(column("task_index", "int64"), column("task", "object"));
    Map<String, Object> pandas = new LinkedHashMap<>();
    pandas.put("index_columns", List.of("task"));
    pandas.put("column_indexes", List.of());
    pandas.put("columns", columns);
    Map<String, Object> creator = new LinkedHashMap<>(); // equal episodes make equal files
    creator.put("library", "forearm");
    creator.put("version", "1");
    pandas.put("creator", creator);
    pandas.put("pandas_version", "2.0.0");
    tables.copy(
        "SELECT * FROM tasks ORDER BY task_index",
        Layout.tasks(root),
        ", KV_METADATA {pandas: %s}".formatted(Tables.text(Json.writeCompact(pandas))));
  }

  private static Map<String, Object> column(String name, String type) {
    Map<String, Object> column = new LinkedHashMap<>();
    column.put("name", name);
    column.put("field_name", name);
    column.put("pandas_type", type.equals("object") ? "unicode" : type);
    column.put("numpy_type", type);
    return column;
  }

  private Map<String, Object> statistics(Tables tables, Progress progress) {
    String all = "read_parquet(%s)".formatted(Tables.text(root + "/data/*/*.parquet"));
    Map<String, Object> statistics = new LinkedHashMap<>();
    progress.levels.forEach((feature, seen) -> statistics.put(feature, seen.statistics()));
    shape
        .widths()
        .forEach(
            (feature, width) -> statistics.put(feature, tables.statistics(all, feature, width)));
    return statistics;
  }

  private Map<String, @Nullable Object> info(Progress progress) {
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    info.put("codebase_version", Layout.VERSION);
    info.put("robot_type", robot.name());
    info.put("total_episodes", progress.episodes.size());
    info.put("total_frames", progress.frames);
    info.put("total_tasks", progress.tasks.size());
    info.put("chunks_size", Layout.CHUNK_FILES);
    info.put("data_files_size_in_mb", Layout.DATA_MB);
    info.put("video_files_size_in_mb", Layout.VIDEO_MB);
    info.put("fps", shape.fps());
    info.put("splits", Map.of("train", "0:" + progress.episodes.size()));
    info.put("data_path", Layout.DATA_PATH);
    info.put("video_path", shape.cameras().isEmpty() ? null : Layout.VIDEO_PATH);
    info.put("features", shape.features());
    return info;
  }

  private Map<String, Object> provenance(List<Source> sources) {
    List<Object> episodes = new ArrayList<>();
    for (Source source : sources) {
      Map<String, Object> episode = new LinkedHashMap<>();
      episode.put("file", String.valueOf(source.file().getFileName()));
      episode.put("sha256", source.sha256());
      episode.put("task", source.task());
      episode.put("label", source.label());
      episodes.add(episode);
    }
    Map<String, Object> provenance = new LinkedHashMap<>(asked());
    provenance.put("resampling", RULE);
    provenance.put("joint_units", robot.joints().stream().map(j -> j.unit().symbol()).toList());
    provenance.put("episodes", episodes);
    return provenance;
  }

  /** Waits until a group is on the disk. */
  private void force(int group) throws IOException {
    for (Path file : files(group)) {
      try (FileChannel channel = FileChannel.open(file, WRITE)) {
        channel.force(true);
      }
    }
  }
}
