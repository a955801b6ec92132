package dev.forearm.calibration.actuators;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointResponse;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Identifies how each joint of a robot answers to commands, from episodes that anything may have
 * driven.
 */
public final class ActuatorIdentification {
  /** A lag that is less certain than this gives no lead. */
  private static final long LAG_ERROR_NANOS_MAX = 3_000_000;

  private ActuatorIdentification() {}

  /**
   * Identifies.
   *
   * @param episodes motions of all joints in command order, by the episode's name
   * @param reference of the robot that the policy learned on: what the lag exceeds its lag by is
   *     the lead. Empty: no lead
   * @param measured date, ISO 8601
   * @throws RuntimeFault if a joint's response is beyond what {@link JointResponse} allows, or was
   *     hardly measured
   */
  public static ActuatorCalibration of(
      Robot robot,
      Map<String, List<JointMotion>> episodes,
      Optional<ActuatorCalibration> reference,
      String measured) {
    reference.ifPresent(other -> other.requireFits(robot));
    List<JointResponse> responses = new ArrayList<>();
    for (int j = 0; j < robot.jointCount(); j++) {
      int place = j;
      Joint joint = robot.joints().get(j);
      List<JointMotion> motions =
          episodes.values().stream().map(motion -> motion.get(place)).toList();
      JointResponse response = ResponseFit.of(joint, motions);
      responses.add(
          reference
              .map(other -> response.leadingBy(lead(response, other.joints().get(place))))
              .orElse(response));
    }
    return new ActuatorCalibration(
        robot.name(),
        ActuatorCalibration.sha256Of(robot),
        measured,
        List.copyOf(episodes.keySet()),
        responses);
  }

  private static long lead(JointResponse here, JointResponse there) {
    boolean certain =
        here.lagErrorNanos().filter(error -> error <= LAG_ERROR_NANOS_MAX).isPresent()
            && there.lagErrorNanos().filter(error -> error <= LAG_ERROR_NANOS_MAX).isPresent();
    return certain ? Math.max(0, here.lagNanos() - there.lagNanos()) : 0;
  }
}
