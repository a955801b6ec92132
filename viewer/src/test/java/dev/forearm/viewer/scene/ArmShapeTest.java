package dev.forearm.viewer.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.util.List;
import org.joml.Vector3f;
import org.junit.jupiter.api.Test;

final class ArmShapeTest {
  private static final ArmShape.Paint PAINT = new ArmShape.Paint(1, 2, 3);

  /** Two links of half a metre that turn in a plane, and a finger that slides. */
  private static Robot robot() {
    return RobotFile.parse(
        """
        name: planar
        joints:
          - {name: shoulder, unit: rad, position: [-3, 3], velocity_max: 1, acceleration_max: 5}
          - {name: elbow, unit: rad, position: [-3, 3], velocity_max: 1, acceleration_max: 5}
          - {name: finger, unit: m, position: [0, 0.1], velocity_max: 1, acceleration_max: 5}
        joint_groups:
          - {name: arm, joints: [shoulder, elbow, finger], states: /joint_states, command: {topic: /commands, form: positions, rate_hz: 500}}
        chain:
          base_frame: base
          tool_frame: tool
          links:
            - {xyz: [0, 0, 0.3], rpy_deg: [0, 0, 0], joint: shoulder, axis: [0, 0, 1]}
            - {xyz: [0.5, 0, 0], rpy_deg: [0, 0, 0], joint: elbow, axis: [0, 0, 1]}
            - {xyz: [0.5, 0, 0], rpy_deg: [0, 0, 0]}
        branches:
          - frame: tip
            after: 3
            links:
            - {xyz: [0, 0, 0], rpy_deg: [0, 0, 0], joint: finger, axis: [0, 1, 0]}
        workspace: {min_m: [-1, -1, 0], max_m: [1, 1, 1]}
        topics: {objects: /objects, object_names: /object_names}
        rates_hz: {control: 500, policy: 20}
        timeouts_ms: {joint_state: 40, observation: 250, chunk: 500, ramp_down: 2000}
        control: {blend_ms: 100}
        safety: {action_slack: 0.25, resumes_by_itself: true}
        """,
        "planar.yaml");
  }

  private static Vector3f end(Solid solid, float side) {
    return solid.pose().transformPosition(new Vector3f(0, 0, side * solid.core().z));
  }

  private static boolean joins(Solid solid, Vector3f one, Vector3f other) {
    return (end(solid, -1).distance(one) < 1e-5 && end(solid, 1).distance(other) < 1e-5);
  }

  @Test
  void eachLinkReachesFromOneJointToTheNextWhereverTheyTurn() {
    List<Solid> solids =
        new ArmShape(robot()).at(new double[] {Math.PI / 2, -Math.PI / 2, 0}, PAINT);
    Vector3f shoulder = new Vector3f(0, 0, 0.3f);
    Vector3f elbow = new Vector3f(0, 0.5f, 0.3f);
    Vector3f tool = new Vector3f(0.5f, 0.5f, 0.3f);
    assertTrue(solids.stream().anyMatch(s -> s.colour() == 1 && joins(s, shoulder, elbow)));
    assertTrue(solids.stream().anyMatch(s -> s.colour() == 3 && joins(s, elbow, tool)));
  }

  @Test
  void aFingerIsDrawnWhereItSlidTo() {
    double[] open = {0, 0, 0.1};
    Vector3f tool = new Vector3f(1, 0, 0.3f);
    Vector3f finger = new Vector3f(1, 0.1f, 0.3f);
    List<Solid> solids = new ArmShape(robot()).at(open, PAINT);
    assertTrue(solids.stream().anyMatch(s -> joins(s, tool, finger)));
  }

  @Test
  void theToolsAxesStandAtTheToolAndTurnWithIt() {
    List<Solid> axes = new ArmShape(robot()).toolAxes(new double[] {Math.PI / 2, 0, 0});
    Vector3f tool = new Vector3f(0, 1, 0.3f);
    assertEquals(3, axes.size());
    axes.forEach(axis -> assertEquals(0, end(axis, -1).distance(tool), 1e-5f));
    assertTrue(end(axes.getFirst(), 1).y > 1, "its x is the base frame's y now");
    assertTrue(end(axes.get(2), 1).z > 0.3f);
  }

  @Test
  void itsReachIsAllLinksOneBehindTheOther() {
    assertEquals(1.3, new ArmShape(robot()).reach(), 1e-9);
  }
}
