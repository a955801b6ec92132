package dev.forearm.viewer;

import dev.forearm.runtime.agent.CycleSummary;
import dev.forearm.runtime.control.ControlSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * What the runtime tells of itself at one moment, or what a recording tells of one.
 *
 * @param title what runs, for example {@code lift with lift-sft}
 * @param source where it comes from: what carries the messages, or a file
 * @param control the control loop's last cycle
 * @param foresight how imagination and reality differ
 * @param loops how regular the loops are; empty of a recording
 * @param task how the task stands
 * @param recorder what the recorder does
 * @param objects where they were seen last
 */
public record Telemetry(
    String title,
    String source,
    ControlSnapshot control,
    Foresight foresight,
    Optional<Loops> loops,
    Task task,
    String recorder,
    List<SeenObject> objects) {
  public Telemetry {
    objects = List.copyOf(objects);
  }

  /**
   * What the foresight gate found last.
   *
   * @param realised distance of what happens from what was imagined, as a fraction of its limit; in
   *     feature scales where there is none; NaN while there is nothing to compare
   * @param spread of the plans, alike
   */
  public record Foresight(double realised, double spread) {}

  /**
   * How the loops do.
   *
   * @param cycles how regular the control thread is
   * @param inferenceP50Micros median time of one plan
   * @param inferenceP99Micros 99th percentile
   * @param refusals chunks refused so far
   */
  public record Loops(
      CycleSummary cycles, double inferenceP50Micros, double inferenceP99Micros, long refusals) {}

  /**
   * The task's state.
   *
   * @param episode for people, for example {@code episode 2 of 3}
   * @param stage what is to be done now
   * @param done stages done
   * @param stages stages in all; 0 if nobody says
   */
  public record Task(String episode, String stage, int done, int stages) {}

  /**
   * An object of the scene.
   *
   * @param name as the robot file has it
   * @param pose x y z in m, qw qx qy qz, base frame
   */
  @SuppressWarnings("ArrayRecordComponent") // the receiver's own, never compared
  public record SeenObject(String name, double[] pose) {}
}
