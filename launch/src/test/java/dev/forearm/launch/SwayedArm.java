package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** An arm that is there already and that {@code forearm run --bundle sway} drives. */
final class SwayedArm {
  private SwayedArm() {}

  /**
   * Sways every joint; what it was commanded and where it was are of the recording.
   *
   * @param name of the robot, or its file
   * @return what the run said
   */
  static String run(
      Path folder, Map<String, String> environment, String name, Robot robot, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("run", "--robot", name, "--bundle=sway", "--out=sway", "--seconds=6"));
    arguments.addAll(List.of(more));
    String said;
    try (Forearm run = Forearm.start(folder, environment, arguments.toArray(String[]::new))) {
      int _ = run.exitCode(); // how it ends depends on how fast this machine is
      said = run.output();
    }
    List<JointMotion> _ = recorded(folder.resolve("sway"), robot, said);
    return said;
  }

  /**
   * The way between the last two commands is from the last step of braking into the rest, or none.
   */
  static void requireRest(Robot robot, Joint joint, double last) {
    double period = robot.controlPeriodNanos() * 1e-9;
    assertTrue(
        last <= joint.accelerationMax() * period * period + 1e-9,
        () -> joint.name() + " still moved by " + last);
  }

  /** What the only episode in a folder has, by which every joint followed; then it has none. */
  static List<JointMotion> recorded(Path folder, Robot robot, String said) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".mcap")).toList();
    }
    assertEquals(1, files.size(), said);
    List<JointMotion> motions = MotionReader.read(files.getFirst(), robot);
    for (JointGroup group : robot.groups()) {
      for (String joint : group.joints()) {
        requireFollowed(motions.get(robot.jointIndex(joint)), unseen(group.command()), said);
      }
    }
    Files.delete(files.getFirst());
    return motions;
  }

  private static void requireFollowed(JointMotion motion, double unseen, String said) {
    double commanded = travel(motion.commands());
    double moved = travel(motion.positions());
    assertTrue(
        commanded > 2 * unseen && moved > 0.5 * commanded - unseen,
        () -> "%s moved by %s of %s; %s".formatted(motion.joint(), moved, commanded, said));
  }

  /** How far a command may be from the last goal that told of it, rad or m. */
  private static double unseen(CommandRoute route) {
    return route instanceof CommandRoute.Goals goals ? goals.changeMin() : 0;
  }

  private static double travel(double[] positions) {
    DoubleSummaryStatistics all = DoubleStream.of(positions).summaryStatistics();
    return all.getMax() - all.getMin();
  }
}
