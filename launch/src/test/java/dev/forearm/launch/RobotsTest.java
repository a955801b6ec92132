package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.dds.FreeDomain;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands of a first run, as processes over DDS, on each robot that ships. How they end
 * depends on how fast this machine is; that they see the robot and drive it does not.
 */
@Execution(ExecutionMode.CONCURRENT)
final class RobotsTest {
  @TempDir private Path folder;
  private final Map<String, String> domain = Forearm.domain(FreeDomain.take());

  @ParameterizedTest
  @ValueSource(strings = {"fr3", "ur5e", "so101"})
  void aSimulatedRobotIsLookedAtAndDriven(String robot) throws Exception {
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--robot=" + robot)) {
      sim.await("the robot", () -> sim.output().contains("simulating " + robot));
      try (Forearm doctor = Forearm.start(folder, domain, "doctor", "--robot=" + robot)) {
        int _ = doctor.exitCode();
        assertTrue(doctor.output().contains("joints of '%s'".formatted(robot)), doctor::output);
        assertTrue(doctor.output().contains("is listened to"), doctor::output);
        assertTrue(doctor.output().contains("no robot_description"), doctor::output);
      }
      try (Forearm run =
          Forearm.start(
              folder,
              domain,
              "run",
              "--robot=" + robot,
              "--bundle=sway",
              "--seconds=3",
              "--out=.")) {
        int _ = run.exitCode();
        assertTrue(run.output().contains("RUN: "), run::output);
      }
      try (Forearm dry =
          Forearm.start(
              folder,
              domain,
              "run",
              "--robot=" + robot,
              "--bundle=sway",
              "--dry-run",
              "--seconds=2",
              "--out=.")) {
        int _ = dry.exitCode();
        assertTrue(dry.output().contains("dry run: commands are not sent"), dry::output);
        assertTrue(dry.output().contains("RUN: "), dry::output);
      }
    }
  }

  @Test
  void withoutARobotTheDoctorSaysWhatToDo() throws Exception {
    try (Forearm doctor =
        Forearm.start(folder, domain, "doctor", "--robot=ur5e", "--seconds=1.5")) {
      assertEquals(1, doctor.exitCode(), doctor::output);
      assertTrue(doctor.output().contains("no joint states on any topic"), doctor::output);
      assertTrue(doctor.output().contains("nobody listens to"), doctor::output);
      assertTrue(doctor.output().contains("'ur5e' should not run yet"), doctor::output);
    }
  }

  @Test
  void aSecondRobotOnTheSameTopicsIsNotSimulated() throws Exception {
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--robot=so101")) {
      sim.await("the robot", () -> sim.output().contains("simulating so101"));
      try (Forearm second = Forearm.start(folder, domain, "sim", "--robot=so101")) {
        assertEquals(1, second.exitCode(), second::output);
        assertTrue(second.output().contains("found a robot on /follower/joint_states already"));
      }
    }
  }
}
