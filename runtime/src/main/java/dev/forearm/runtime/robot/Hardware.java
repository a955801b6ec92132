package dev.forearm.runtime.robot;

import java.util.List;
import java.util.Optional;

/**
 * What an arm's driver has beside its joint groups, and what the arm is made of: the doctor looks
 * at the one, the simulator plays both. Nothing here moves an arm.
 *
 * @param statesNanos from one joint state to the next; empty: a control cycle
 * @param statesBestEffort whether joint states come best effort
 * @param home where a simulated arm starts, in command order, rad or m; empty: mid-range
 * @param effortMax greatest effort of each joint, Nm or N; empty: whatever it takes
 * @param massKg mass of the link that each joint moves; empty: by its length
 * @param backlash play each way of each joint, rad or m; empty: none
 * @param slowStates joint states too seldom to control by, which look like those to take
 * @param programRunning std_msgs/Bool, latched: whether the robot obeys commands
 * @param speedScaling std_msgs/Float64: at how many per cent of its speed the robot moves
 * @param controllers who says which controllers are active
 */
public record Hardware(
    Optional<Long> statesNanos,
    boolean statesBestEffort,
    List<Double> home,
    List<Double> effortMax,
    List<Double> massKg,
    List<Double> backlash,
    Optional<PeriodicTopic> slowStates,
    Optional<String> programRunning,
    Optional<PeriodicTopic> speedScaling,
    Optional<Controllers> controllers) {
  /** Of which nothing is known. */
  public static final Hardware NONE =
      new Hardware(
          Optional.empty(),
          false,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public Hardware {
    home = List.copyOf(home);
    effortMax = List.copyOf(effortMax);
    massKg = List.copyOf(massKg);
    backlash = List.copyOf(backlash);
  }

  /**
   * A topic that is published by the clock.
   *
   * @param topic its name
   * @param periodNanos from one message to the next
   */
  public record PeriodicTopic(String topic, long periodNanos) {}

  /**
   * The robot's controller_manager, of ros2_control.
   *
   * @param manager its node
   * @param switches whether {@code forearm run} has it activate the joint groups' controllers, and
   *     deactivate those that hold their joints
   * @param active which ones the driver starts with; none: those of the joint groups
   */
  public record Controllers(String manager, boolean switches, List<String> active) {
    public Controllers {
      active = List.copyOf(active);
    }
  }
}
