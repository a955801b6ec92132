package dev.forearm.launch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ROS 2 package as its users have it: built by the real colcon and then, without sources, in
 * another place and as somebody who has fetched nothing, started by the real {@code ros2}. Skipped
 * where no ROS 2 with colcon is sourced. The program that is built here is taken along, or Maven
 * would build it again.
 */
@Tag("ros")
class ColconTest {
  private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();
  private static final Robot TABLETOP = House.robot("tabletop");
  private static final String RUNNING = "RUN: nothing is wrong";

  /** Nobody names libraries. */
  private static final String UNNAMED =
      "env -u FOREARM_MUJOCO_LIB -u FOREARM_DDSC_LIB -u FOREARM_ORT_LIB";

  @TempDir private Path folder;

  private final Ros2Commands ros2;
  private Path workspace;

  ColconTest() throws Exception {
    ros2 = new Ros2Commands(Carrier.RCL, "ros2launch");
    ros2.require("forearm_msgs"); // built once, not with each workspace
    assumeTrue(ros2.start("command -v colcon").waitFor() == 0, "skipped: there is no colcon");
  }

  @BeforeEach
  void cloneIntoAWorkspace() throws Exception {
    workspace = folder.resolve("workspace");
    Path clone = Files.createDirectories(workspace.resolve("src/forearm"));
    Path program = Files.createDirectories(clone.resolve("launch/target"));
    bash("tar -c --exclude=target --exclude=.git --exclude=.forearm . | tar -x -C " + clone);
    bash("[ ! -e launch/target/lib ] || cp -rp launch/target/lib " + program);
  }

  @AfterEach
  void stopTheDaemon() throws Exception {
    ros2.close();
  }

  private String bash(String line) throws Exception {
    return ros2.said("900 bash -c 'set -o pipefail; cd %s; %s'".formatted(SOURCES, line), 0);
  }

  private Path install(String options) throws Exception {
    bash(
        "cd %s; %s colcon build --packages-select forearm %s"
            .formatted(workspace, UNNAMED, options));
    return workspace.resolve("install");
  }

  /** Ends in what becomes the process. */
  private Forearm start(Path install, Map<String, String> more, String line) {
    Map<String, String> environment = new HashMap<>(ros2.environment());
    environment.putAll(more);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("FOREARM_INSTALL", "no");
    environment.put("HOME", folder.toString());
    return Forearm.script(
        folder,
        environment,
        "source %s/setup.bash; exec %s -u XDG_CACHE_HOME %s".formatted(install, UNNAMED, line));
  }

  private Forearm launch(Path install, String line) {
    return start(install, Map.of(), "ros2 launch forearm " + line);
  }

  /** As Ctrl-C does. */
  private static void end(Forearm launch) throws Exception {
    List<ProcessHandle> started = launch.handle().descendants().toList();
    Forearm.signal(launch.handle(), "INT");
    assertEquals(0, launch.exitCode(), launch::output);
    for (ProcessHandle each : started) {
      String what = each.pid() + " " + each.info().commandLine().orElse("");
      try {
        each.onExit().get(30, SECONDS);
      } catch (TimeoutException _) {
        fail(what + " goes on after\n" + launch.output());
      }
    }
    assertTrue(launch.output().contains("process has finished cleanly"), launch::output);
  }

  @Test
  void whatIsInstalledNeedsNoSourcesAndTheArmThatItMovesComesToRest() throws Exception {
    Path _ = install("");
    Path moved = Files.move(workspace, folder.resolve("moved"));
    bash("rm -r %1$s/src %1$s/build".formatted(moved));
    Path install = moved.resolve("install");
    // The first start keeps loaded classes for those after it, which takes its time.
    bash(
        "source %s/setup.bash; %s ros2 run forearm forearm robot --help"
            .formatted(install, UNNAMED));

    for (String file : List.of("forearm", "sim", "record", "learn", "fr3", "ur5e", "so101")) {
      try (Forearm told = launch(install, file + ".launch.py --show-args")) {
        assertEquals(0, told.exitCode(), told::output);
        assertTrue(told.output().contains("'"), told::output);
      }
    }
    Path robot = Files.writeString(folder.resolve("patient.yaml"), patient(TabletopFile.text()));
    try (Forearm sim = launch(install, "sim.launch.py options:=--no-cameras")) {
      try (Forearm run =
          launch(
              install,
              "forearm.launch.py robot:=%s bundle:=sway out:=sway check:=false".formatted(robot))) {
        run.await("an arm in motion", () -> run.output().contains(RUNNING));
        Thread.sleep(5000); // of it
        end(run);
        for (JointMotion motion :
            SwayedArm.recorded(folder.resolve("sway"), TABLETOP, run.output())) {
          double[] sent = motion.commands();
          SwayedArm.requireRest(
              TABLETOP,
              TABLETOP.joints().get(TABLETOP.jointNames().indexOf(motion.joint())),
              Math.abs(sent[sent.length - 1] - sent[sent.length - 2]));
        }
      }
      try (Forearm service = service(install, robot)) {
        service.await("a running arm", () -> service.output().contains(RUNNING));
        Forearm.signal(service.handle(), "TERM");
        assertEquals(0, service.exitCode(), service::output);
        assertTrue(service.output().contains("recording  "), service::output);
      }
      end(sim);
    }
  }

  /** However slow this machine is just now. */
  private static String patient(String robot) {
    return robot.replaceAll(
        "(?m)^  (joint_state|observation|chunk|ramp_down): \\d+", "  $1: 60000");
  }

  /** What the unit starts, of which systemd signals the first process alone. */
  private Forearm service(Path install, Path robot) throws Exception {
    String unit =
        Files.readString(install.resolve("forearm/share/forearm/systemd/forearm.service"));
    String line = unit.lines().filter(each -> each.startsWith("ExecStart=")).collect(joining());
    PolicyShelf shelf = PolicyShelf.openOrMake(folder.resolve("shelf"));
    shelf.activate(shelf.add(SOURCES.resolve("models/bundles/lift-sft")).id(), List.of());
    return start(
        install,
        Map.of(
            "WORKSPACE",
            install.resolveSibling("").toString(),
            "ROBOT",
            robot.toString(),
            "SHELF",
            "shelf",
            "EPISODES",
            "episodes"),
        line.substring("ExecStart=".length()));
  }

  @Test
  void linksToTheSourcesRunThem() throws Exception {
    Path install = install("--symlink-install");
    try (Forearm version = start(install, Map.of(), "ros2 run forearm forearm --version")) {
      assertEquals(0, version.exitCode(), version::output);
      assertTrue(version.output().contains("Java 25"), version::output);
    }
  }
}
