package dev.forearm.launch.session;

import dev.forearm.sim.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How grasping one cube went, over episodes. A first grasp missed if it took another to lift the
 * cube, or if it never was.
 *
 * @param episodes in which it was tried
 * @param attempts until the cube was lifted, in all of them
 * @param missed episodes whose first grasp missed
 * @param recovered of these, in how many the cube was lifted after all
 */
public record Grasps(int episodes, int attempts, int missed, int recovered) {
  private static final Grasps NONE = new Grasps(0, 0, 0, 0);

  /** For reports: each number by its name, by the cube's name, in the task's order. */
  public static Map<String, Map<String, Integer>> report(Task task, List<EpisodeResult> results) {
    Map<String, Map<String, Integer>> found = new LinkedHashMap<>();
    for (Task.Lift lift : task.lifts()) {
      found.put(
          lift.cube(),
          results.stream()
              .map(result ->
                  of(
                      result.attempts().getOrDefault(lift.cube(), 0),
                      result.stage() >= lift.stages()))
              .reduce(NONE, Grasps::plus)
              .values());
    }
    return found;
  }

  private static Grasps of(int attempts, boolean lifted) {
    boolean missed = attempts > (lifted ? 1 : 0);
    return new Grasps(attempts > 0 ? 1 : 0, attempts, missed ? 1 : 0, missed && lifted ? 1 : 0);
  }

  private Grasps plus(Grasps other) {
    return new Grasps(
        episodes + other.episodes,
        attempts + other.attempts,
        missed + other.missed,
        recovered + other.recovered);
  }

  private Map<String, Integer> values() {
    Map<String, Integer> values = new LinkedHashMap<>();
    values.put("episodes", episodes);
    values.put("attempts", attempts);
    values.put("missed", missed);
    values.put("recovered", recovered);
    return values;
  }
}
