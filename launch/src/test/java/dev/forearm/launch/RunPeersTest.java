package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.action.ActionClient;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectory;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code forearm run} beside others that want the same arm, and an arm that goes and comes back,
 * over both transports; the others speak DDS. Skipped over rcl where no ROS 2 is sourced.
 */
@ParameterizedClass
@EnumSource(names = {"DDS", "RCL"})
class RunPeersTest {
  private static final String ACTION =
      "/scaled_joint_trajectory_controller/follow_joint_trajectory";
  private static final String TOLD = "2 commanders of the robot at once";

  private final Carrier carrier;
  private final int domain = FreeDomain.take();
  private final Map<String, String> environment = Forearm.domain(domain);

  @TempDir private Path folder;

  RunPeersTest(Carrier carrier) {
    this.carrier = carrier;
  }

  @BeforeEach
  void needsTheCarrier() {
    Forearm.require(carrier);
  }

  private Forearm sim(String... robot) {
    return start("sim", "--no-cameras", robot);
  }

  private Forearm run(String robot, String bundle) {
    return start("run", "--out=episodes", "--robot=" + robot, "--bundle=" + bundle);
  }

  private Forearm start(String command, String option, String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = command;
    arguments[1] = option;
    arguments[2] = "--transport=" + carrier;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Forearm.start(folder, environment, arguments);
  }

  /** Where ROS 2 itself is on this machine alone, which is not the loopback interface alone. */
  private CycloneTransport join() {
    return new CycloneTransport(
        DdsOptions.loopback(domain).withNetworkInterface("localhost"),
        new MonotonicClock(),
        (agent, failure) -> {});
  }

  /** A UR5e that takes goals, and goes on by itself when it is back. */
  private String goals() throws IOException {
    String topic =
        "{topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500}";
    String text = Files.readString(Path.of("src/main/resources/robots/ur5e.yaml"));
    assertTrue(text.contains(topic) && text.contains("resumes_by_itself: false"));
    return Files.writeString(
            folder.resolve("ur5e.yaml"),
            text.replace(
                    topic,
                    "{action: %s, form: trajectory, rate_hz: 20, change_min: 0.0001}"
                        .formatted(ACTION))
                .replace("resumes_by_itself: false", "resumes_by_itself: true"))
        .toString();
  }

  private static void awaitRun(Forearm run, int times) throws InterruptedException {
    run.await(
        "an arm that runs", () -> run.output().split("RUN: nothing is wrong", -1).length > times);
  }

  @Test
  void aSecondRunIsRefusedAndACommanderThatComesLaterIsToldOf() throws Exception {
    try (Forearm _ = sim();
        Forearm first = run("tabletop", "expert")) {
      first.await("its start", () -> first.output().contains("stops the arm"));
      try (Forearm second = run("tabletop", "expert")) {
        assertNotEquals(0, second.exitCode());
        assertTrue(
            second.output().contains("found 2 commanders of the robot [/forearm]"), second::output);
      }
      try (RosTransport rival = join();
          Publication _ =
              rival.advertise("/arm_controller/commands", Float64MultiArray.TYPE, Qos.COMMAND)) {
        first.await("its warning", () -> first.output().contains(TOLD));
      }
    }
  }

  @Test
  void ofGoalsTooASecondRunIsRefusedAndAClientThatComesLaterIsToldOf() throws Exception {
    String robot = goals();
    try (Forearm _ = sim("--robot=" + robot);
        Forearm first = run(robot, "sway")) {
      awaitRun(first, 1);
      try (Forearm second = run(robot, "sway")) {
        assertNotEquals(0, second.exitCode());
        assertTrue(
            second.output().contains("found 2 commanders of the robot [/forearm]"), second::output);
      }
      try (RosTransport rival = join();
          ActionClient<?, ?, ?> _ = new ActionClient<>(rival, ACTION, FollowJointTrajectory.TYPE)) {
        first.await("its warning", () -> first.output().contains(TOLD));
      }
    }
  }

  @Test
  void anArmThatTakesGoalsIsDrivenOnAfterItsDriverWasKilledAndStartedAgain() throws Exception {
    String robot = goals();
    BlockingQueue<Double> elbow = new LinkedBlockingQueue<>();
    try (RosTransport onlooker = join();
        Subscription states =
            onlooker.subscribe(
                "/joint_states",
                JointState.TYPE,
                Qos.SENSOR_DATA,
                (cdr, nanos) -> {
                  JointState state = JointState.decode(cdr);
                  elbow.add(state.position()[state.name().indexOf("elbow_joint")]);
                });
        Forearm first = sim("--robot=" + robot);
        Forearm run = run(robot, "sway")) {
      awaitRun(run, 1);
      run.await("joint states", () -> !elbow.isEmpty());
      first.handle().destroyForcibly();
      run.await("its loss", () -> run.output().contains("HOLD: joint state stopped arriving"));
      run.await("it to be gone", () -> states.publishers() == 0); // or another would not start
      elbow.clear();
      try (Forearm _ = sim("--robot=" + robot)) {
        awaitRun(run, 2);
        run.await("joint states", () -> !elbow.isEmpty());
        double start = elbow.element();
        run.await(
            "the elbow to move",
            () -> elbow.stream().anyMatch(now -> Math.abs(now - start) > 0.05));
      }
    }
  }
}
