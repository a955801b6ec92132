package dev.forearm.launch.learn;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.Sha256;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.report.JsonFile;
import dev.forearm.viewer.Learning;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a learner stands.
 *
 * @param begun what it was begun with: method, first policy and seed
 * @param incumbent iteration whose candidate is the best so far; 0: the first policy
 * @param brought by each iteration, for people and plots
 */
record LearnerState(Map<String, Object> begun, int incumbent, List<Map<String, Object>> brought) {
  static final String FILE = "learner.json";

  LearnerState {
    brought = List.copyOf(brought);
  }

  int iterations() {
    return brought.size();
  }

  LearnerState after(int newIncumbent, Map<String, Object> iteration) {
    List<Map<String, Object>> all = new ArrayList<>(brought);
    all.add(iteration);
    return new LearnerState(begun, newIncumbent, all);
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("begun", begun);
    json.put("incumbent", incumbent);
    json.put("iterations", brought);
    return json;
  }

  /** What each iteration brought, for plots. */
  List<Learning.Iteration> shown() {
    return brought.stream().map(WatchedLearner::iteration).toList();
  }

  /**
   * Replaces what a folder says of the learner, as a whole, and then its picture.
   *
   * @param report told if there can be no picture
   */
  void write(Path folder, Consumer<String> report) {
    JsonFile.write(folder.resolve(FILE), json());
    try {
      new LearningPlot(shown()).write(folder.resolve(LearningPlot.FILE));
    } catch (LaunchFailure unseen) {
      report.accept(String.valueOf(unseen.getMessage()));
    }
  }

  /**
   * The state of a folder; a new one's is written.
   *
   * @throws LaunchFailure if it was begun with something else
   */
  static LearnerState open(Path folder, Method method, Path first, long seed) {
    Map<String, Object> begun = new LinkedHashMap<>();
    begun.put("method_sha256", sha256(method.text()));
    begun.put("seed", seed);
    try (Bundle bundle = BundleReader.read(first, Trust.anyone())) {
      begun.put("first_sha256", bundle.sha256());
    }
    LearnerState there;
    try {
      Path file = folder.resolve(FILE);
      if (!Files.exists(file)) {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("method.yaml"), method.text());
        LearnerState fresh = new LearnerState(begun, 0, List.of());
        JsonFile.write(file, fresh.json());
        return fresh;
      }
      there = read(folder);
    } catch (IOException e) {
      throw new LaunchFailure(
          "learn: %s cannot be read or written (%s); name a folder you may write to"
              .formatted(folder, e),
          e);
    }
    if (!Json.write(there.begun).equals(Json.write(begun))) {
      throw new LaunchFailure(
          "learn: %s was begun with %s, now found %s; name another folder, or go on with what it was begun with"
              .formatted(folder, there.begun, begun));
    }
    return there;
  }

  /**
   * What a learner's folder says.
   *
   * @throws IllegalArgumentException if it says what is no JSON
   */
  static LearnerState read(Path folder) throws IOException {
    Map<String, Object> there = map(Json.read(Files.readString(folder.resolve(FILE))));
    List<Map<String, Object>> brought = new ArrayList<>();
    if (there.get("iterations") instanceof List<?> all) {
      all.forEach(each -> brought.add(map(each)));
    }
    int incumbent = there.get("incumbent") instanceof Number number ? number.intValue() : 0;
    return new LearnerState(map(there.get("begun")), incumbent, brought);
  }

  /** A JSON object as it was read; empty for anything else. */
  static Map<String, Object> map(@Nullable Object json) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (json instanceof Map<?, ?> values) {
      values.forEach((key, value) -> map.put(String.valueOf(key), value));
    }
    return map;
  }

  private static String sha256(String text) {
    return Sha256.of(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
  }
}
