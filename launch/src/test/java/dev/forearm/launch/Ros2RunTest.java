package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.transport.Carrier;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
  private static final int LOOKS = 20;

  @TempDir private Path folder;

  private final String carrier;
  private final Map<String, String> environment =
      Map.of(
          "ROS_DOMAIN_ID",
          Integer.toString(FreeDomain.take()),
          "ROS_AUTOMATIC_DISCOVERY_RANGE",
          "LOCALHOST",
          "RMW_IMPLEMENTATION",
          "rmw_cyclonedds_cpp");

  Ros2RunTest(Carrier carrier) {
    this.carrier = "--transport=" + carrier;
  }

  @BeforeEach
  void needsRos() throws Exception {
    Forearm.require(Carrier.RCL);
    if (start("ros2 pkg prefix forearm_msgs").waitFor() != 0) {
      abort("skipped: the ROS 2 that is sourced does not know forearm_msgs; build it there");
    }
  }

  /** Some of the commands start a process that looks on for them, and outlives them. */
  @AfterEach
  void stopTheDaemon() throws Exception {
    start("timeout 60 ros2 daemon stop").waitFor();
  }

  private Process start(String command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String ros2(String command, int code) throws Exception {
    Process process = start("PYTHONUNBUFFERED=1 timeout " + command);
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(code, process.waitFor(), said);
    return said;
  }

  /** Until a command, which may have discovered too little so far, says what is wanted. */
  private void awaitSaid(String command, String wanted) throws Exception {
    String said = "";
    for (int look = 0; look < LOOKS && !said.contains(wanted); look++) {
      said = ros2("60 ros2 " + command + " || true", 0);
    }
    assertTrue(said.contains(wanted), said);
  }

  private void lead(String transition) throws Exception {
    awaitSaid("lifecycle set /forearm " + transition + QUICK, "Transitioning successful");
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
      awaitSaid("node list" + QUICK, "/forearm\n");
      lead("configure");
      lead("activate");
      run.await("a running arm", () -> run.output().contains("RUN: nothing is wrong"));
      awaitSaid("topic echo --once /forearm/policy_status" + QUICK, "robot: tabletop");
      awaitSaid("topic echo --once /forearm/imagined_markers" + QUICK, "ns: imagined/red_cube");
      awaitSaid("topic info -v /arm_controller/commands" + QUICK, "Node name: forearm\n");
      String hertz = ros2("20 ros2 topic hz /joint_states --spin-time 3", 124);
      assertTrue(hertz.contains("average rate: "), hertz);
      awaitSaid("param get /forearm robot" + QUICK, "tabletop");
      awaitSaid("param set /forearm robot other" + QUICK, "read-only");
      awaitSaid("param dump /forearm" + QUICK, "autostart: false");
      awaitSaid(
          "service call /forearm/record_episode forearm_msgs/srv/RecordEpisode '{what: 1}'",
          "success=True");

      awaitSaid("action list -t", "/forearm/run_task [forearm_msgs/action/RunTask]");
      awaitSaid("action info -t /forearm/run_task", "forearm [forearm_msgs/action/RunTask]");
      String sent = ros2("100 ros2 " + GOAL + "'{seconds: 3.0}'", 0);
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
    Process goal = start("exec env PYTHONUNBUFFERED=1 ros2 " + GOAL + "'{seconds: 0.0}'");
    try (BufferedReader lines = goal.inputReader(UTF_8)) {
      String line = lines.readLine();
      while (line != null && !line.contains("state: ")) {
        line = lines.readLine();
      }
      ros2(
          "60 ros2 service call /forearm/run_task/_action/cancel_goal action_msgs/srv/CancelGoal",
          0);
      return lines.lines().collect(Collectors.joining("\n"));
    } finally {
      goal.destroyForcibly();
    }
  }
}
