package dev.forearm.sim.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.geometry_msgs.Twist;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.kinematics.ToolTravel;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A servo before a UR5e, whose tool looks down. */
final class TwistInboxTest {
  private static final String TOPIC = "/servo_node/delta_twist_cmds";
  private static final Vector3 NONE = new Vector3(0, 0, 0);
  private static final double STRAY = 1e-3; // m, rad

  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final Publication twists = transport.advertise(TOPIC, TwistStamped.TYPE, Qos.COMMAND);
  private Robot robot = robot("");
  private SimulatedArm arm = new SimulatedArm(transport, robot, false, false);

  @AfterEach
  void close() {
    arm.close();
    transport.close();
  }

  private static Robot robot(String more) {
    String trajectory =
        "topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500";
    try {
      String text = Files.readString(Path.of("../launch/src/main/resources/robots/ur5e.yaml"));
      assertTrue(text.contains(trajectory));
      return RobotFile.parse(
          text.replace(
              trajectory,
              "topic: %s, form: twist, rate_hz: 100, frame: tool0%s".formatted(TOPIC, more)),
          "ur5e.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void send(String frame, Vector3 linear, Vector3 angular) {
    CdrWriter writer = new CdrWriter(128);
    new TwistStamped(new Header(RosTime.of(clock.nanos()), frame), new Twist(linear, angular))
        .encode(writer);
    twists.publish(writer);
  }

  private void run(int millis) {
    for (int i = 0; i < millis; i++) {
      clock.advance(SimulatedArm.STEP_NANOS);
      arm.step(clock.nanos());
    }
  }

  /** Sends a twist each 10 ms for a second, and lets the arm settle. */
  private double[] move(String frame, Vector3 linear, Vector3 angular) {
    double[] from = tool();
    for (int i = 0; i < 100; i++) {
      send(frame, linear, angular);
      run(10);
    }
    send(frame, NONE, NONE);
    run(300);
    double[] travel = new double[6];
    ToolTravel.between(from, tool(), travel);
    return travel;
  }

  private double[] tool() {
    double[] positions = new double[robot.jointCount()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = arm.scene().jointPosition(i);
    }
    double[] pose = new double[7];
    new SerialChain(robot).toolPose(positions, pose);
    return pose;
  }

  private static void assertTravel(double[] travel, double... wanted) {
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], travel[i], 5 * STRAY, "part " + i);
    }
  }

  @Test
  void theToolGoesAsATwistSaysInEitherFrame() {
    run(100);
    assertTravel(move("base_link", new Vector3(0, 0, 0.1), NONE), 0, 0, 0.1, 0, 0, 0);
    assertTravel(move("tool0", new Vector3(0, 0, 0.1), NONE), 0, 0, -0.1, 0, 0, 0);
    assertTravel(move("base_link", NONE, new Vector3(0, 0, 0.2)), 0, 0, 0, 0, 0, 0.2);
  }

  @Test
  void withoutUnitsOneIsWhatTheRobotFileSays() {
    arm.close();
    robot = robot(", scale: {linear: 0.2, angular: 0.5}");
    arm = new SimulatedArm(transport, robot, false, false);
    run(100);
    assertTravel(move("base_link", new Vector3(0, 0, 0.5), NONE), 0, 0, 0.1, 0, 0, 0);
    double[] before = tool();
    assertTravel(move("base_link", new Vector3(0, 0, 1.1), NONE), 0, 0, 0, 0, 0, 0);
    assertEquals(before[2], tool()[2], STRAY, "it takes nothing beyond 1");
  }

  @Test
  void whatIsStaleMovesNothingAndTheNextBeginsWhereTheJointsAre() {
    run(100);
    send("base_link", new Vector3(0, 0, 0.1), NONE);
    run(1000);
    double[] moved = tool();
    double[] travel = new double[6];
    run(500);
    ToolTravel.between(moved, tool(), travel);
    assertTravel(travel, 0, 0, 0, 0, 0, 0);
    assertTravel(move("base_link", new Vector3(0, 0, -0.1), NONE), 0, 0, -0.1, 0, 0, 0);
  }

  @Test
  void aTwistThatIsNoneIsRefused() {
    run(100);
    double[] before = tool();
    for (int i = 0; i < 50; i++) {
      send("world", new Vector3(0, 0, 0.1), NONE);
      send("base_link", new Vector3(0, Double.NaN, 0.1), NONE);
      send("base_link", NONE, new Vector3(Double.POSITIVE_INFINITY, 0, 0));
      run(10);
    }
    double[] travel = new double[6];
    ToolTravel.between(before, tool(), travel);
    assertTravel(travel, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void nearASingularityTheToolLagsAndNoJointRaces() {
    run(100);
    for (int i = 0; i < 500; i++) { // until the arm is stretched
      send("base_link", new Vector3(-0.3, 0, 0.3), NONE);
      run(10);
      for (int joint = 0; joint < robot.jointCount(); joint++) {
        double most = 1.05 * robot.joints().get(joint).velocityMax();
        assertTrue(Math.abs(arm.scene().jointVelocity(joint)) < most);
      }
    }
  }
}
