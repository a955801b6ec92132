package dev.forearm.runtime.episode;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of an episode when it starts. Written into its file at once, as the MCAP metadata
 * record {@code forearm.episode}, so that a file that breaks off still says what it is.
 *
 * @param name file name without ending; a number is appended if it is taken
 * @param task for example {@code lift}
 * @param seed of the start state
 * @param robot robot name
 * @param bundle name of the policy bundle, or of whatever drove the arm
 * @param bundleSha256 hash of the bundle, or empty where no bundle drove the arm
 * @param values anything else, by key
 */
public record EpisodeInfo(
    String name,
    String task,
    long seed,
    String robot,
    String bundle,
    String bundleSha256,
    Map<String, String> values) {
  /** Name of the metadata record. */
  public static final String RECORD = "forearm.episode";

  /** Key of the value that says what servos the policy was adapted to, as YAML. */
  public static final String ACTUATORS = "actuators";

  /** Key of the value that names the SHA-256 of the robot's calibration file. */
  public static final String CALIBRATION = "calibration_sha256";

  /** Key of the value that was added to the runtime's clock to get the file's log times, ns. */
  public static final String LOG_TIME_OFFSET = "log_time_offset_nanos";

  public EpisodeInfo {
    if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith(".")) {
      throw new IllegalArgumentException(
          "episode name is '%s', wanted letters, digits, dots, dashes and underscores"
              .formatted(name));
    }
    values = Map.copyOf(values);
  }

  /** The same, in a file whose log times are so far ahead of the runtime's clock. */
  EpisodeInfo at(long logTimeOffsetNanos) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.put(LOG_TIME_OFFSET, Long.toString(logTimeOffsetNanos));
    return new EpisodeInfo(name, task, seed, robot, bundle, bundleSha256, all);
  }

  Map<String, String> toMetadata() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("name", name);
    all.put("task", task);
    all.put("seed", Long.toString(seed));
    all.put("robot", robot);
    all.put("bundle", bundle);
    all.put("bundle_sha256", bundleSha256);
    all.put("software", software());
    values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> all.put(e.getKey(), e.getValue()));
    return all;
  }

  /** Name and version of the recording software, as episode files give it. */
  static String software() {
    String version = EpisodeInfo.class.getPackage().getImplementationVersion();
    return "forearm " + (version == null ? "unpackaged" : version);
  }
}
