package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.LogWatch;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaves for a servo, by the whole way from the control thread's command. */
class TwistPublisherTest {
  private static final String TOPIC = "/servo_node/delta_twist_cmds";
  private static final String ROUTE =
      "topic: %s, form: twist, rate_hz: 50, frame: panda_link0".formatted(TOPIC);
  private static final long CYCLE = 2_000_000;
  private static final long PERIOD = 20_000_000;
  private static final long ROS_FROM_CLOCK = 1_700_000_000_000_000_000L;
  private static final double[] READY = {
    0.1, -Math.PI / 4, 0.2, -3 * Math.PI / 4, 0.1, Math.PI / 2, Math.PI / 4, 0.02
  };

  private final InProcessTransport transport = new InProcessTransport(new SimulatedClock());
  private final List<TwistStamped> sent = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final LogWatch watch = new LogWatch(TwistPublisher.class, said);
  private Optional<RobotBridge> opened = Optional.empty();
  private long nowNanos = CYCLE;

  @AfterEach
  void close() {
    opened.ifPresent(RobotBridge::close);
    watch.close();
    transport.close();
  }

  static Robot robot(String route) {
    try {
      String text =
          Files.readString(Path.of("../runtime/src/test/resources/robots/arm_and_gripper.yaml"));
      String positions = "topic: /arm_controller/commands, form: positions, rate_hz: 500";
      assertTrue(text.contains(positions));
      return RobotFile.parse(text.replace(positions, route), "arm.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Rig rig(String route) {
    Robot robot = robot(route);
    RobotSignals signals = new RobotSignals(robot);
    RobotBridge bridge = new RobotBridge(robot, signals, transport, Optional.empty());
    opened = Optional.of(bridge);
    transport.subscribe(
        TOPIC, TwistStamped.TYPE, Qos.COMMAND, (cdr, _) -> sent.add(TwistStamped.decode(cdr)));
    return new Rig(robot, signals, bridge.commands());
  }

  private final class Rig {
    final Robot robot;
    final RobotSignals signals;
    final CommandPublisher commands;

    Rig(Robot robot, RobotSignals signals, CommandPublisher commands) {
      this.robot = robot;
      this.signals = signals;
      this.commands = commands;
    }

    /** Where the joints are measured to be, now. */
    void measure(double[] positions) {
      double[] values = new double[2 * positions.length];
      System.arraycopy(positions, 0, values, 0, positions.length);
      signals.jointState().write(values, 0, nowNanos + ROS_FROM_CLOCK, nowNanos);
    }

    void command(double[] positions) {
      commands.send(positions, nowNanos);
      assertEquals(1, commands.doWork(nowNanos));
      nowNanos += CYCLE;
    }

    /** Commands all joints of the arm along a path from {@link #READY}, a cycle each. */
    void follow(int cycles, DoubleUnaryOperator offset) {
      for (int i = 1; i <= cycles; i++) {
        command(at(offset.applyAsDouble((double) i / cycles)));
      }
    }

    double[] tool(double[] positions) {
      double[] pose = new double[7];
      new SerialChain(robot).toolPose(positions, pose);
      return pose;
    }
  }

  private static double[] at(double offset) {
    double[] positions = READY.clone();
    for (int j = 0; j < 7; j++) {
      positions[j] += (j % 2 == 0 ? 1 : -0.5) * offset;
    }
    return positions;
  }

  private static double smooth(double share) {
    return 0.1 * (1 - Math.cos(Math.PI * share));
  }

  private static double[] vector(Vector3 v) {
    return new double[] {v.x(), v.y(), v.z()};
  }

  private static double length(Vector3 v) {
    return Math.sqrt(v.x() * v.x() + v.y() * v.y() + v.z() * v.z());
  }

  private static boolean isZero(TwistStamped told) {
    return length(told.twist().linear()) == 0 && length(told.twist().angular()) == 0;
  }

  @Test
  void twistsAreTheToolsCommandedVelocityAtTheirRateAndInSumItsWay() {
    Rig rig = rig(ROUTE);
    rig.measure(READY);
    rig.commands.startOver();
    rig.command(READY);
    rig.follow(500, TwistPublisherTest::smooth);
    assertEquals(51, sent.size());
    assertTrue(isZero(sent.getFirst()), "the first is where the joints are");
    assertEquals("panda_link0", sent.getFirst().header().frameId());

    double[] sum = new double[3];
    for (TwistStamped told : sent) {
      for (int i = 0; i < 3; i++) {
        sum[i] += vector(told.twist().linear())[i] * PERIOD * 1e-9;
      }
    }
    double[] from = rig.tool(READY);
    double[] to = rig.tool(at(0.2));
    for (int i = 0; i < 3; i++) {
      assertEquals(to[i] - from[i], sum[i], 1e-12);
    }

    int middle = 25; // the 250th command: the twist is the mean over the ten before it
    double[] posture = at(smooth(0.49));
    double seconds = 1.0;
    double speed = 0.1 * Math.PI * Math.sin(Math.PI * 0.49) / seconds;
    double[] jacobian = new double[6 * 8];
    new SerialChain(rig.robot).jacobian(posture, jacobian);
    double[] twist = new double[6];
    for (int row = 0; row < 6; row++) {
      for (int j = 0; j < 7; j++) {
        twist[row] += jacobian[row * 8 + j] * (j % 2 == 0 ? 1 : -0.5) * speed;
      }
    }
    double[] found = new double[6];
    System.arraycopy(vector(sent.get(middle).twist().linear()), 0, found, 0, 3);
    System.arraycopy(vector(sent.get(middle).twist().angular()), 0, found, 3, 3);
    assertArrayEquals(twist, found, 2e-4);
  }

  @Test
  void inTheToolsFrameTheyAreAlongItsAxes() {
    Rig rig = rig(ROUTE.replace("panda_link0", "panda_grasp"));
    rig.commands.startOver();
    rig.command(READY);
    double[] down = READY.clone();
    down[0] += 0.02; // about the base's vertical axis
    for (int i = 0; i < 10; i++) {
      rig.command(down);
    }
    TwistStamped told = sent.getLast();
    assertEquals("panda_grasp", told.header().frameId());
    double[] expected = {0, 0, 0.02 / 0.02, 0, 0, 0};
    SerialChain chain = new SerialChain(rig.robot);
    chain.toolPose(down, new double[7]);
    double[] found = vector(told.twist().angular());
    chain.turnToBase(found, 0);
    assertArrayEquals(new double[] {expected[0], expected[1], expected[2]}, found, 1e-9);
  }

  @Test
  void aRestIsZeroAtTheSameRateAndStampedInTheRobotsTime() {
    Rig rig = rig(ROUTE);
    rig.measure(READY);
    long measuredNanos = nowNanos;
    rig.commands.startOver();
    rig.command(READY);
    rig.follow(100, TwistPublisherTest::smooth);
    sent.clear();
    for (int i = 0; i < 110; i++) {
      rig.command(at(0.2));
    }
    assertEquals(11, sent.size());
    assertTrue(sent.subList(1, 11).stream().allMatch(TwistPublisherTest::isZero));
    long last = nowNanos - CYCLE - (nowNanos - CYCLE - measuredNanos) % PERIOD;
    Time stamp = sent.getLast().header().stamp();
    assertEquals(RosTime.of(last + ROS_FROM_CLOCK), stamp);
  }

  @Test
  void startingOverElsewhereIsNoMotion() {
    Rig rig = rig(ROUTE);
    rig.commands.startOver();
    for (int i = 0; i < 50; i++) {
      rig.command(at(0.1));
    }
    rig.commands.startOver();
    for (int i = 0; i < 50; i++) {
      rig.command(at(0.15));
    }
    assertEquals(10, sent.size());
    assertTrue(sent.stream().allMatch(TwistPublisherTest::isZero), sent::toString);
  }

  @Test
  void whereCommandsEndInMotionATwistThatEndsItIsSentOnce() {
    Rig rig = rig(ROUTE);
    rig.commands.startOver();
    rig.command(READY);
    rig.follow(200, share -> 0.2 * share);
    assertTrue(!isZero(sent.getLast()));
    int before = sent.size();
    for (int i = 0; i < 100; i++) {
      nowNanos += CYCLE;
      assertEquals(0, rig.commands.doWork(nowNanos));
    }
    assertEquals(before + 1, sent.size());
    assertTrue(isZero(sent.getLast()));
    rig.commands.startOver();
    rig.command(at(0.2));
    assertTrue(isZero(sent.getLast()), "nor is what comes after a motion from before");
  }

  @Test
  void theRuntimesEndIsZero() {
    Rig rig = rig(ROUTE);
    rig.commands.startOver();
    rig.command(READY);
    rig.follow(200, share -> 0.2 * share);
    rig.commands.onClose();
    assertTrue(isZero(sent.getLast()));
    int all = sent.size();
    rig.commands.onClose();
    assertEquals(all, sent.size(), "it rests");
  }

  @Test
  void aServoWithoutUnitsGetsNothingBeyondOneAndKeepsItsWay() {
    Rig rig = rig(ROUTE + ", scale: {linear: 0.1, angular: 5}");
    rig.commands.startOver();
    rig.command(READY);
    rig.follow(100, share -> 0.4 * share);
    for (TwistStamped told : sent) {
      for (double part : vector(told.twist().linear())) {
        assertTrue(Math.abs(part) <= 1, told::toString);
      }
    }
    TwistStamped fast = sent.getLast();
    double most = 0;
    for (double part : vector(fast.twist().linear())) {
      most = Math.max(most, Math.abs(part));
    }
    assertEquals(1, most, 1e-12);
    double[] from = rig.tool(at(0.4 * 0.9));
    double[] to = rig.tool(at(0.4));
    double[] linear = vector(fast.twist().linear());
    for (int i = 0; i < 3; i++) { // in the ratio in which the tool was to move
      assertEquals((to[i] - from[i]) / (to[0] - from[0]), linear[i] / linear[0], 1e-9);
    }
    assertTrue(said.getFirst().contains("times as fast as its scale allows"), said::toString);
  }

  @Test
  void aCorrectionPointsToWhereTheToolIsToBeAndIsBounded() {
    Rig rig =
        rig(ROUTE + ", correction: {gain: 2, lag_ms: 40, linear_max: 0.03, angular_max: 0.1}");
    double[] off = at(0.01);
    rig.measure(off);
    rig.commands.startOver();
    rig.command(READY);
    double[] is = rig.tool(off);
    double[] wanted = rig.tool(READY);
    double[] added = vector(sent.getLast().twist().linear());
    for (int i = 0; i < 3; i++) {
      assertEquals(2 * (wanted[i] - is[i]), added[i], 1e-12);
    }
    rig.measure(at(0.4));
    for (int i = 0; i < 10; i++) {
      rig.command(READY);
    }
    assertEquals(0.03, length(sent.getLast().twist().linear()), 1e-12);
    assertEquals(0.1, length(sent.getLast().twist().angular()), 1e-12);
    for (int i = 0; i < 50; i++) {
      rig.command(READY);
    }
    assertTrue(isZero(sent.getLast()), "what was measured so long ago tells nothing");
  }

  @Test
  void anArmThatIsBehindByItsLagIsNotCorrected() {
    Rig rig =
        rig(ROUTE + ", correction: {gain: 2, lag_ms: 40, linear_max: 0.03, angular_max: 0.1}");
    rig.measure(READY);
    rig.commands.startOver();
    rig.command(READY);
    List<double[]> commanded = new ArrayList<>(List.of(READY));
    for (int i = 1; i <= 200; i++) {
      commanded.add(at(0.2 * i / 200));
      rig.measure(commanded.get(Math.max(0, i - 20))); // 40 ms
      rig.command(commanded.getLast());
    }
    double[] from = rig.tool(commanded.get(190));
    double[] to = rig.tool(commanded.get(200));
    double[] linear = vector(sent.getLast().twist().linear());
    for (int i = 0; i < 3; i++) {
      assertEquals((to[i] - from[i]) / 0.02, linear[i], 1e-9);
    }
  }

  @Test
  void positionsAreReadBackFromWhatIsRecorded() {
    Robot robot = robot(ROUTE);
    CommandEncoder encoder = CommandEncoder.of(robot).getFirst();
    var cdr = encoder.encode(READY);
    SentCommands recorded = new SentCommands(robot, robot.groups().getFirst());
    assertEquals(TOPIC + "/joint_positions", encoder.topic());
    assertEquals(recorded.topic(), encoder.topic());
    double[] read = recorded.decode(cdr.segment().asSlice(0, cdr.length()));
    for (int j = 0; j < 7; j++) {
      assertEquals(READY[j], read[j]);
    }
  }
}
