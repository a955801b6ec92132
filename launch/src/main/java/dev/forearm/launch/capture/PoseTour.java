package dev.forearm.launch.capture;

import dev.forearm.calibration.handeye.Capture;
import dev.forearm.runtime.policy.Maneuver;
import dev.forearm.runtime.robot.Robot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes an arm from pose to pose, each time a person presses a key. The waiting thread's. */
final class PoseTour implements Steering {
  static final String KEYS = "m moves to the next pose, s stops the arm, r ends a fault";

  private final Robot robot;
  private final GuidedArm arm;
  private final List<Map.Entry<String, double[]>> poses;
  private final Consumer<String> say;
  private int next;
  private boolean underWay;

  /**
   * @param poses joints by name, rad or m, in command order
   */
  PoseTour(Robot robot, GuidedArm arm, Map<String, double[]> poses, Consumer<String> say) {
    this.robot = robot;
    this.arm = arm;
    this.poses = List.copyOf(poses.entrySet());
    this.say = say;
  }

  @Override
  public boolean turn(int key, long now, List<Capture> captures) {
    heed(key);
    arm.turn();
    if (!underWay || arm.moving()) {
      return false;
    }
    underWay = false;
    Optional<String> missed = arm.misses(poses.get(next - 1).getValue());
    say.accept(missed.orElse("there"));
    return missed.isEmpty();
  }

  private void heed(int key) {
    switch (key) {
      case 'm' -> move();
      case 's' -> {
        underWay = false;
        arm.stop();
      }
      case 'r' -> arm.reset();
      default -> {}
    }
  }

  private void move() {
    if (next == poses.size()) {
      say.accept("no pose is left to go to");
      return;
    }
    Map.Entry<String, double[]> pose = poses.get(next);
    if (arm.begin(Maneuver.Journey.slow(robot, pose.getValue()))) {
      underWay = true;
      next++;
      say.accept("moving to pose %s, %s of %s".formatted(pose.getKey(), next, poses.size()));
    }
  }

  @Override
  public boolean underWay() {
    return underWay;
  }

  /** Whether no pose is left. */
  boolean over() {
    return next == poses.size() && !underWay;
  }
}
