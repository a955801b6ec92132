package dev.forearm.sim.task;

import dev.forearm.sim.SimFault;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A task with the names of its stages; a stage's name says what remains to be done in it. */
public enum Task {
  /** Short horizon: raise the red cube 0.10 m above the table and keep it there for 0.25 s. */
  LIFT(10, List.of("grasp the red cube", "lift it"), List.of(new Lift("red_cube", 2))),

  /**
   * Long horizon: red cube into the left bin, blue cube into the right bin, press the button. A
   * cube is lifted 0.05 m above the table, and let go of where the hand is away from it or open;
   * neither is asked for by what comes after.
   */
  TIDY(
      40,
      List.of(
          "lift the red cube",
          "red cube to the left bin",
          "let go of the red cube",
          "lift the blue cube",
          "blue cube to the right bin",
          "let go of the blue cube",
          "press the button"),
      List.of(new Lift("red_cube", 1), new Lift("blue_cube", 4)));

  /**
   * A cube that has to be grasped.
   *
   * @param cube as in {@link dev.forearm.sim.scene.Tabletop#OBJECTS}
   * @param stages done once it was lifted
   */
  public record Lift(String cube, int stages) {}

  private final double limitSeconds;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> stages;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Lift> lifts;

  Task(double limitSeconds, List<String> stages, List<Lift> lifts) {
    this.limitSeconds = limitSeconds;
    this.stages = stages;
    this.lifts = lifts;
  }

  /**
   * The task with this name.
   *
   * @throws SimFault if there is none, listing those there are
   */
  public static Task named(String name) {
    return Arrays.stream(values())
        .filter(task -> task.label().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new SimFault(
                "task '%s' is unknown; wanted one of %s"
                    .formatted(name, Arrays.stream(values()).map(Task::label).toList())));
  }

  /** As operators write it, for example {@code lift}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** After this long the task has failed. */
  public double limitSeconds() {
    return limitSeconds;
  }

  /** Names of the stages in order; with the last one done, the task is done. */
  public List<String> stages() {
    return stages;
  }

  /** What has to be grasped, in order. */
  public List<Lift> lifts() {
    return lifts;
  }
}
