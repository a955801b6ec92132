package dev.forearm.datasets.lerobot;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.report.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How far an export came: what its complete groups hold. Written after each, whole or not at all;
 * files of later groups are then as if they were not there.
 */
final class Progress {
  /** What the export was asked for, as JSON; another one cannot go on from here. */
  final Map<String, Object> asked;

  /** Keys of the episodes in complete groups, in order. */
  final List<String> episodes = new ArrayList<>();

  final List<String> tasks = new ArrayList<>();
  final Map<String, PixelLevels> levels = new LinkedHashMap<>(); // by camera feature
  int groups;
  long frames;

  Progress(Map<String, Object> asked) {
    this.asked = asked;
  }

  private static Path file(Path root) {
    return root.resolve("progress.json");
  }

  /** The index of a task, which is new if its text was not seen. */
  int task(String text) {
    if (!tasks.contains(text)) {
      tasks.add(text);
    }
    return tasks.indexOf(text);
  }

  void write(Path root, DatasetShape shape) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("asked", asked);
    json.put("episodes", episodes);
    json.put("tasks", tasks);
    json.put("groups", groups);
    json.put("frames", frames);
    json.put("sizes", shape.sizes());
    Map<String, Object> counts = new LinkedHashMap<>();
    levels.forEach((feature, seen) -> counts.put(feature, seen.toJson()));
    json.put("levels", counts);
    JsonFile.write(file(root), json);
  }

  /** What an export of the same that was ended before left; else a fresh start. */
  static Progress of(Path root, Map<String, Object> asked, List<String> keys, DatasetShape shape) {
    Progress progress = new Progress(asked);
    try {
      if (!Files.exists(file(root))
          || !(Json.read(Files.readString(file(root))) instanceof Map<?, ?> json)
          || !Json.write(asked).equals(Json.write(json.get("asked")))) {
        return progress;
      }
      list(json, "episodes").forEach(key -> progress.episodes.add(String.valueOf(key)));
      int done = progress.episodes.size();
      if (done > keys.size() || !keys.subList(0, done).equals(progress.episodes)) {
        return new Progress(asked);
      }
      list(json, "tasks").forEach(task -> progress.tasks.add(String.valueOf(task)));
      progress.groups = number(json, "groups").intValue();
      progress.frames = number(json, "frames").longValue();
      map(json, "levels")
          .forEach((feature, counts) ->
              progress.levels.put(feature.toString(), PixelLevels.parse((List<?>) counts)));
      map(json, "sizes")
          .forEach((feature, size) -> {
            List<?> sides = (List<?>) size;
            int height = ((Number) sides.get(0)).intValue();
            shape.pictures(feature.toString(), ((Number) sides.get(1)).intValue(), height);
          });
      return progress;
    } catch (IOException e) {
      throw new DatasetFault("read %s: %s".formatted(file(root), e.getMessage()), e);
    }
  }

  private static List<?> list(Map<?, ?> json, String key) {
    return (List<?>) Objects.requireNonNull(json.get(key));
  }

  private static Map<?, ?> map(Map<?, ?> json, String key) {
    return (Map<?, ?>) Objects.requireNonNull(json.get(key));
  }

  private static Number number(Map<?, ?> json, String key) {
    return (Number) Objects.requireNonNull(json.get(key));
  }

  static void delete(Path root) throws IOException {
    Files.deleteIfExists(file(root));
  }
}
