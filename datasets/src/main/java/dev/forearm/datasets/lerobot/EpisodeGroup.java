package dev.forearm.datasets.lerobot;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.datasets.EpisodeFrames.Frame;
import dev.forearm.datasets.Picture;
import dev.forearm.datasets.video.VideoWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/**
 * The episodes that share one data file, one video file a camera and one file of episode rows.
 * Closed before any of these grows beyond what LeRobot keeps in one, or, for its decoder's single
 * precision, beyond twenty minutes. One thread's.
 */
final class EpisodeGroup implements AutoCloseable {
  /** Beyond 2,048 s the decoder's single precision is coarser than the 1e-4 s that it allows. */
  static final double SECONDS_MAX = 1200;

  private static final String FRAMES = "frames";
  private static final String EPISODES = "episodes";

  private final Path root;
  private final int number;
  private final DatasetShape shape;
  private final double secondsMax;
  private final Tables tables = new Tables();
  private final Map<String, VideoWriter> videos = new LinkedHashMap<>(); // by feature
  private final Map<String, PixelLevels> levels = new LinkedHashMap<>(); // of all episodes

  // Of the episode that is being added.
  private final Map<String, PixelLevels> episodeLevels = new LinkedHashMap<>();
  private final List<Frame> pending = new ArrayList<>();
  private long frames; // of all episodes

  EpisodeGroup(Path root, int number, DatasetShape shape, double secondsMax) {
    this.root = root;
    this.number = number;
    this.shape = shape;
    this.secondsMax = secondsMax;
    tables.run("CREATE TABLE %s (%s)".formatted(FRAMES, columns(shape.dataColumns())));
    tables.run("CREATE TABLE %s (%s)".formatted(EPISODES, columns(shape.episodeColumns())));
  }

  private static String columns(Map<String, String> types) {
    return types.entrySet().stream()
        .map(column -> Tables.name(column.getKey()) + " " + column.getValue())
        .collect(Collectors.joining(", "));
  }

  /** How often each level was seen, by camera feature. */
  Map<String, PixelLevels> levels() {
    return levels;
  }

  /** Whether another episode belongs into another group. */
  boolean isFull() {
    return frames >= secondsMax * shape.fps()
        || frames * shape.frameBytes() >= (long) Layout.DATA_MB << 20
        || videos.values().stream().anyMatch(v -> v.bytes() >= (long) Layout.VIDEO_MB << 20);
  }

  /** Takes the next frame of the episode that is being added. */
  void add(Frame frame) {
    for (int i = 0; i < shape.cameras().size(); i++) {
      String feature = Layout.feature(shape.cameras().get(i));
      Picture picture = frame.pictures().get(i);
      shape.pictures(feature, picture.width(), picture.height());
      video(feature, picture).add(picture.rgb());
      episodeLevels.computeIfAbsent(feature, _ -> new PixelLevels()).add(picture.rgb());
    }
    pending.add(new Frame(frame.nanos(), frame.state(), frame.action(), List.of()));
  }

  private VideoWriter video(String feature, Picture picture) {
    VideoWriter known = videos.get(feature);
    if (known != null) {
      return known;
    }
    Path file = Layout.video(root, feature, number);
    parent(file);
    VideoWriter video = new VideoWriter(file, picture.width(), picture.height(), shape.fps());
    videos.put(feature, video);
    return video;
  }

  private static void parent(Path file) {
    try {
      Files.createDirectories(file.resolveSibling("."));
    } catch (IOException e) {
      throw new DatasetFault("write %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Ends the episode that is being added.
   *
   * @param episode its index in the dataset
   * @param from index in the dataset of its first frame
   * @param task index of its task
   * @param stages how many stages were done at each frame
   */
  void endEpisode(Source source, int episode, long from, int task, int[] stages) {
    try (DuckDBAppender rows = tables.database().createAppender(FRAMES)) {
      for (int i = 0; i < pending.size(); i++) {
        boolean last = i == pending.size() - 1;
        rows.beginRow();
        rows.append(pending.get(i).state()).append(pending.get(i).action());
        rows.append(last).append(last && source.succeeded()).append((long) stages[i]);
        rows.append((float) ((double) i / shape.fps())).append((long) i);
        rows.append((long) episode).append(from + i).append((long) task);
        rows.endRow();
      }
    } catch (SQLException e) {
      throw new DatasetFault("collect %s: %s".formatted(source.file(), e.getMessage()), e);
    }
    insert(row(source, episode, from));
    episodeLevels.forEach(
        (feature, seen) -> levels.computeIfAbsent(feature, _ -> new PixelLevels()).add(seen));
    episodeLevels.clear();
    frames += pending.size();
    pending.clear();
  }

  private Map<String, Object> row(Source source, int episode, long from) {
    int length = pending.size();
    int chunk = number / Layout.CHUNK_FILES;
    int file = number % Layout.CHUNK_FILES;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("episode_index", episode);
    row.put("tasks", source.task());
    row.put("length", length);
    for (String kind : shape.fileColumns()) {
      row.put(kind + "/chunk_index", chunk);
      row.put(kind + "/file_index", file);
      if (kind.startsWith("videos/")) {
        row.put(kind + "/from_timestamp", (double) frames / shape.fps());
        row.put(kind + "/to_timestamp", (double) (frames + length) / shape.fps());
      }
    }
    row.put("dataset_from_index", from);
    row.put("dataset_to_index", from + length);
    row.put("forearm/file", String.valueOf(source.file().getFileName()));
    row.put("forearm/sha256", source.sha256());
    row.put("forearm/outcome", source.outcome());
    row.put("forearm/label", source.label());
    row.put("forearm/success", source.succeeded());
    row.put("forearm/policy", source.policy());
    String these = "(SELECT * FROM %s WHERE episode_index = %s)".formatted(FRAMES, episode);
    shape
        .widths()
        .forEach(
            (feature, width) -> statistics(row, feature, tables.statistics(these, feature, width)));
    episodeLevels.forEach((feature, seen) -> statistics(row, feature, seen.statistics()));
    return row;
  }

  private static void statistics(
      Map<String, Object> row, String feature, Map<String, ?> statistics) {
    statistics.forEach((name, value) -> row.put("stats/" + feature + "/" + name, value));
  }

  /** Values go as text, which DuckDB reads as its own literals. */
  private void insert(Map<String, Object> row) {
    Map<String, String> types = shape.episodeColumns();
    String values =
        types.values().stream()
            .map(type -> type.equals("VARCHAR[]") ? "[?]" : "CAST(? AS " + type + ")")
            .collect(Collectors.joining(", "));
    tables.run(
        "INSERT INTO %s VALUES (%s)".formatted(EPISODES, values),
        types.keySet().stream().map(column -> text(row.get(column))).toArray(String[]::new));
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value);
  }

  /** Writes the files; the group is then complete. */
  void finish() {
    videos.values().forEach(VideoWriter::finish);
    Path data = Layout.data(root, number);
    parent(data);
    tables.copy("SELECT * FROM %s ORDER BY \"index\"".formatted(FRAMES), data, "");
    Path rows = Layout.episodes(root, number);
    parent(rows);
    tables.copy("SELECT * FROM %s ORDER BY episode_index".formatted(EPISODES), rows, "");
  }

  @Override
  public void close() {
    videos.values().forEach(VideoWriter::close);
    tables.close();
  }
}
