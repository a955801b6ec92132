package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.transport.Carrier;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code forearm run} led and looked at by the commands of a real ROS 2 that knows forearm_msgs,
 * over both transports. Skipped where none is sourced.
 */
@Tag("ros")
@ParameterizedClass
@EnumSource(names = {"DDS", "RCL"})
class Ros2RunTest {
  private static final String BUNDLE =
      Path.of("..", "models", "bundles", "lift-sft").toAbsolutePath().normalize().toString();
  private static final String QUICK = " --no-daemon --spin-time 3";
  private static final String GOAL =
      "action send_goal --feedback /forearm/run_task forearm_msgs/action/RunTask ";

  @TempDir private Path folder;

  private final String carrier;
  private final Ros2Commands ros2;
  private final Map<String, String> environment;

  Ros2RunTest(Carrier carrier) throws Exception {
    this.carrier = "--transport=" + carrier;
    ros2 = new Ros2Commands(carrier, "forearm_msgs");
    environment = ros2.environment();
  }

  @AfterEach
  void stopTheDaemon() throws Exception {
    ros2.close();
  }

  private void lead(String transition) throws Exception {
    ros2.awaitSaid("lifecycle set /forearm " + transition + QUICK, "Transitioning successful");
  }

  @Test
  void itsLifeTopicsParametersServicesAndActionAreThoseOfAnyNode() throws Exception {
    try (Forearm _ =
            Forearm.start(folder, environment, "sim", "--no-cameras", "--seed=3", carrier);
        Forearm run =
            Forearm.start(
                folder,
                environment,
                "run",
                "--robot=tabletop",
                "--bundle=" + BUNDLE,
                "--out=episodes",
                carrier,
                "--ros-args",
                "-p",
                "autostart:=false")) {
      ros2.awaitSaid("node list" + QUICK, "/forearm\n");
      lead("configure");
      lead("activate");
      run.await("a running arm", () -> run.output().contains("RUN: nothing is wrong"));
      ros2.awaitSaid("topic echo --once /forearm/policy_status" + QUICK, "robot: tabletop");
      ros2.awaitSaid(
          "topic echo --once /forearm/imagined_markers" + QUICK, "ns: imagined/red_cube");
      ros2.awaitSaid("topic info -v /arm_controller/commands" + QUICK, "Node name: forearm\n");
      String hertz = ros2.said("20 ros2 topic hz /joint_states --spin-time 3", 124);
      assertTrue(hertz.contains("average rate: "), hertz);
      ros2.awaitSaid("param get /forearm robot" + QUICK, "tabletop");
      ros2.awaitSaid("param set /forearm robot other" + QUICK, "read-only");
      ros2.awaitSaid("param dump /forearm" + QUICK, "autostart: false");
      ros2.awaitSaid(
          "service call /forearm/record_episode forearm_msgs/srv/RecordEpisode '{what: 1}'",
          "success=True");

      ros2.awaitSaid("action list -t", "/forearm/run_task [forearm_msgs/action/RunTask]");
      ros2.awaitSaid("action info -t /forearm/run_task", "forearm [forearm_msgs/action/RunTask]");
      String sent = ros2.said("100 ros2 " + GOAL + "'{seconds: 3.0}'", 0);
      assertTrue(sent.contains("Goal finished with status: SUCCEEDED"), sent);
      assertTrue(sent.contains("state: "), sent); // feedback; the task is long done, it may hold
      assertTrue(sent.contains("episode_file: episodes/"), sent);
      String cancelled = cancelled();
      assertTrue(cancelled.contains("Goal finished with status: CANCELED"), cancelled);

      lead("deactivate");
      lead("shutdown");
      assertEquals(0, run.exitCode(), run::output);
    }
  }

  /** What a goal without an end says after somebody has lost patience, which is soon. */
  private String cancelled() throws Exception {
    Process goal = ros2.start("exec env PYTHONUNBUFFERED=1 ros2 " + GOAL + "'{seconds: 0.0}'");
    try (BufferedReader lines = goal.inputReader(UTF_8)) {
      String line = lines.readLine();
      while (line != null && !line.contains("state: ")) {
        line = lines.readLine();
      }
      ros2.said(
          "60 ros2 service call /forearm/run_task/_action/cancel_goal action_msgs/srv/CancelGoal",
          0);
      return lines.lines().collect(Collectors.joining("\n"));
    } finally {
      goal.destroyForcibly();
    }
  }
}
