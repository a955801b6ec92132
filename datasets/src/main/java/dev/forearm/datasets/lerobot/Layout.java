package dev.forearm.datasets.lerobot;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Where the files of a dataset lie, and what its features are called. */
final class Layout {
  static final String VERSION = "v3.0";
  static final int CHUNK_FILES = 1000;
  static final int DATA_MB = 100;
  static final int VIDEO_MB = 200;
  static final String DATA_PATH = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";
  static final String VIDEO_PATH =
      "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4";
  static final String STATE = "observation.state";
  static final String ACTION = "action";
  static final String DONE = "next.done";
  static final String SUCCESS = "next.success";
  static final String STAGE = "stage";

  /** What every dataset has, in the order of its columns. */
  static final List<String> INDEXES =
      List.of("timestamp", "frame_index", "episode_index", "index", "task_index");

  private Layout() {}

  static Path data(Path root, int group) {
    return file(root.resolve("data"), group, "parquet");
  }

  static Path video(Path root, String feature, int group) {
    return file(root.resolve("videos").resolve(feature), group, "mp4");
  }

  static Path episodes(Path root, int group) {
    return file(root.resolve("meta/episodes"), group, "parquet");
  }

  static Path info(Path root) {
    return root.resolve("meta/info.json");
  }

  static Path statistics(Path root) {
    return root.resolve("meta/stats.json");
  }

  static Path tasks(Path root) {
    return root.resolve("meta/tasks.parquet");
  }

  static Path provenance(Path root) {
    return root.resolve("meta/forearm.json");
  }

  private static Path file(Path folder, int group, String ending) {
    return folder.resolve(
        String.format(
            Locale.ROOT,
            "chunk-%03d/file-%03d.%s",
            group / CHUNK_FILES,
            group % CHUNK_FILES,
            ending));
  }

  /** A camera's feature: {@code /scene_camera/image_raw} is observation.images.scene_camera. */
  static String feature(String topic) {
    String name = topic.replaceFirst("/compressed$", "").replaceFirst("/image(_raw|_color)?$", "");
    return "observation.images." + name.replaceFirst("^/", "").replace('/', '_');
  }
}
