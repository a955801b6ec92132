package dev.forearm.launch.session;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.diagnostic_msgs.KeyValue;
import dev.forearm.sim.node.SimTopics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the simulated task stands, as the simulator says on {@code /sim/task_state}.
 *
 * @param task for example {@code lift}
 * @param stageName what remains to be done now
 * @param episode counts resets of one simulator
 * @param seed of the start state
 * @param stage stages done
 * @param stages stages in all
 * @param attempts at grasping each cube until it was lifted, by the cube's name, in the task's
 *     order; empty where the simulator says nothing of them
 */
public record TaskState(
    String task,
    String stageName,
    long episode,
    long seed,
    int stage,
    int stages,
    boolean success,
    boolean timedOut,
    Map<String, Integer> attempts) {

  /** Whether the episode is over. */
  public boolean over() {
    return success || timedOut;
  }

  /**
   * Reads what the simulator says.
   *
   * @throws RosFault if it is no such state
   */
  public static TaskState of(DiagnosticStatus status) {
    Map<String, String> values =
        status.values().stream().collect(Collectors.toMap(KeyValue::key, KeyValue::value));
    try {
      return new TaskState(
          status.name(),
          status.message(),
          Long.parseLong(value(values, "episode")),
          Long.parseLong(value(values, "seed")),
          Integer.parseInt(value(values, "stage")),
          Integer.parseInt(value(values, "stages")),
          Boolean.parseBoolean(value(values, "success")),
          Boolean.parseBoolean(value(values, "timed_out")),
          attempts(status));
    } catch (NumberFormatException e) {
      throw new RosFault("task state: found a value that is no number in " + values, e);
    }
  }

  private static Map<String, Integer> attempts(DiagnosticStatus status) {
    Map<String, Integer> attempts = new LinkedHashMap<>();
    for (KeyValue value : status.values()) {
      if (value.key().startsWith(SimTopics.ATTEMPTS)) {
        attempts.put(
            value.key().substring(SimTopics.ATTEMPTS.length()), Integer.parseInt(value.value()));
      }
    }
    return Collections.unmodifiableMap(attempts); // in order, which copyOf would lose
  }

  private static String value(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new RosFault(
          "task state: value '%s' is missing, found %s; is another program publishing it?"
              .formatted(key, values.keySet()));
    }
    return value;
  }
}
