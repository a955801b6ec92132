package dev.forearm.datasets.lerobot;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.datasets.video.VideoWriter;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a dataset's frames and episode rows consist of. One thread's. */
final class DatasetShape {
  private static final List<String> STATISTICS =
      List.of("min", "max", "mean", "std", "count", "q01", "q10", "q50", "q90", "q99");

  private final Robot robot;
  private final List<String> cameras;
  private final int fps;

  /** Height and width of each camera feature's pictures, pixels. */
  private final Map<String, List<Integer>> sizes = new LinkedHashMap<>();

  /**
   * @param cameras topics
   */
  DatasetShape(Robot robot, List<String> cameras, int fps) {
    this.robot = robot;
    this.cameras = List.copyOf(cameras);
    this.fps = fps;
  }

  List<String> cameras() {
    return cameras;
  }

  int fps() {
    return fps;
  }

  /**
   * Notes what size a camera's pictures have.
   *
   * @throws DatasetFault if those of an episode before were of another
   */
  void pictures(String feature, int width, int height) {
    List<Integer> size = List.of(height, width);
    List<Integer> known = sizes.putIfAbsent(feature, size);
    if (known != null && !known.equals(size)) {
      throw new DatasetFault(
          "export %s: found pictures of %s rows and columns, wanted %s as before; export these episodes apart"
              .formatted(feature, size, known));
    }
  }

  /** Sizes of the pictures, for {@link #pictures}. */
  Map<String, List<Integer>> sizes() {
    return sizes;
  }

  /** Types of the data columns, in order. */
  Map<String, String> dataColumns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put(Layout.STATE, "FLOAT[]");
    columns.put(Layout.ACTION, "FLOAT[]");
    columns.put(Layout.DONE, "BOOLEAN");
    columns.put(Layout.SUCCESS, "BOOLEAN");
    columns.put(Layout.STAGE, "BIGINT");
    Layout.INDEXES.forEach(
        index -> columns.put(index, index.equals("timestamp") ? "FLOAT" : "BIGINT"));
    return columns;
  }

  /** How many numbers each data column has. */
  Map<String, Integer> widths() {
    Map<String, Integer> widths = new LinkedHashMap<>();
    dataColumns()
        .forEach((name, type) -> widths.put(name, type.endsWith("[]") ? robot.jointCount() : 1));
    return widths;
  }

  /** About how many bytes a frame takes before compression. */
  long frameBytes() {
    return 8L * widths().values().stream().mapToInt(Integer::intValue).sum();
  }

  /** What has a chunk_index and a file_index in an episode's row. */
  List<String> fileColumns() {
    List<String> kinds = new ArrayList<>(List.of("data"));
    cameras.forEach(camera -> kinds.add("videos/" + Layout.feature(camera)));
    kinds.add("meta/episodes");
    return kinds;
  }

  /** Types of the columns of episode rows, in order. */
  Map<String, String> episodeColumns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("episode_index", "BIGINT");
    columns.put("tasks", "VARCHAR[]");
    columns.put("length", "BIGINT");
    for (String kind : fileColumns()) {
      columns.put(kind + "/chunk_index", "BIGINT");
      columns.put(kind + "/file_index", "BIGINT");
      if (kind.startsWith("videos/")) {
        columns.put(kind + "/from_timestamp", "DOUBLE");
        columns.put(kind + "/to_timestamp", "DOUBLE");
      }
    }
    columns.put("dataset_from_index", "BIGINT");
    columns.put("dataset_to_index", "BIGINT");
    for (String text : List.of("file", "sha256", "outcome", "label", "policy")) {
      columns.put("forearm/" + text, "VARCHAR");
    }
    columns.put("forearm/success", "BOOLEAN");
    widths().keySet().forEach(feature -> statistics(columns, feature, "DOUBLE[]"));
    cameras.forEach(camera -> statistics(columns, Layout.feature(camera), "DOUBLE[][][]"));
    return columns;
  }

  private static void statistics(Map<String, String> columns, String feature, String type) {
    STATISTICS.forEach(name ->
        columns.put("stats/" + feature + "/" + name, name.equals("count") ? "BIGINT[]" : type));
  }

  /** The section {@code features} of info.json. */
  Map<String, Object> features() {
    Map<String, Object> features = new LinkedHashMap<>();
    cameras.forEach(camera -> {
      String feature = Layout.feature(camera);
      features.put(feature, video(sizes.getOrDefault(feature, List.of(0, 0))));
    });
    dataColumns().forEach((name, type) -> features.put(name, feature(type)));
    return features;
  }

  private Map<String, @Nullable Object> feature(String type) {
    Map<String, @Nullable Object> feature = new LinkedHashMap<>();
    switch (type) {
      case "FLOAT[]" -> {
        feature.put("dtype", "float32");
        feature.put("shape", List.of(robot.jointCount()));
        feature.put("names", robot.jointNames());
      }
      case "FLOAT" -> scalar(feature, "float32");
      case "BOOLEAN" -> scalar(feature, "bool");
      default -> scalar(feature, "int64");
    }
    return feature;
  }

  private static void scalar(Map<String, @Nullable Object> feature, String type) {
    feature.put("dtype", type);
    feature.put("shape", List.of(1));
    feature.put("names", null);
  }

  private Map<String, Object> video(List<Integer> size) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("video.height", size.getFirst());
    info.put("video.width", size.getLast());
    info.put("video.codec", VideoWriter.CODEC);
    info.put("video.pix_fmt", VideoWriter.PIXEL_FORMAT);
    info.put("video.is_depth_map", false);
    info.put("video.fps", fps);
    info.put("video.channels", 3);
    info.put("has_audio", false);
    Map<String, Object> feature = new LinkedHashMap<>();
    feature.put("dtype", "video");
    feature.put("shape", List.of(size.getFirst(), size.getLast(), 3));
    feature.put("names", List.of("height", "width", "channels"));
    feature.put("info", info);
    return feature;
  }
}
