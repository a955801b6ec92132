package dev.forearm.launch;

import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.JointResponse;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What could have been found out of a robot's servos. */
public final class FoundServos {
  private FoundServos() {}

  /**
   * The first joint comes to be so far beside what it is told, rad, the others where they should.
   */
  public static ActuatorCalibration turned(Robot robot, double bias) {
    List<JointResponse> joints = new ArrayList<>();
    for (String joint : robot.jointNames()) {
      double own = joints.isEmpty() ? bias : 0;
      joints.add(
          new JointResponse(
              joint, 1, Optional.empty(), own, 1e-4, 0, 0, Optional.empty(), 0, own, 0));
    }
    return new ActuatorCalibration(
        robot.name(), ActuatorCalibration.sha256Of(robot), "2026-11-29", List.of("none"), joints);
  }
}
