package dev.forearm.models.retrieval;

import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.kinematics.InverseKinematics;
import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An arm that takes a cube to a bin, written down step by step. */
final class ShownEpisodes {
  static final Robot ROBOT =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
  static final int JOINTS = ROBOT.jointCount();
  static final int FINGER = JOINTS - 1;
  static final int STEPS = 4; // of a chunk
  static final long PERIOD_NANOS = 50_000_000;
  static final double OPEN = 0.04;
  static final double HELD = 0.02;
  static final double GRIP = 0.004;
  static final double[] CUBE = {0.45, 0.05, 0.02, 0};
  private static final double[] BIN = {0.46, 0.31, 0, 0};
  static final double[] DOWN = {0, 0, -0.004, 0.01};
  static final double[] AWAY = {0, 0.004, 0, 0};
  static final double[] ABOVE = {0.44, 0.03, 0.1, 0.1};

  static final PolicySpec SPEC =
      new PolicySpec(
          List.of(
              new Feature("joints", new Source.JointPosition(), JOINTS, "mixed"),
              new Feature("tool", new Source.ToolPosition(), 3, "m"),
              new Feature("turn", new Source.ToolRotation(), 6, "1"),
              new Feature("cube", new Source.ObjectPosition("cube"), 3, "m"),
              new Feature("cube_turn", new Source.ObjectRotation("cube"), 6, "1"),
              new Feature("bin", new Source.ObjectPosition("bin"), 3, "m")),
          List.of("joints"),
          List.of(),
          List.of(),
          ROBOT.jointNames(),
          STEPS,
          PERIOD_NANOS);

  /** The same with an imagination, of two steps on and of the last. */
  static final PolicySpec IMAGINING =
      new PolicySpec(
          SPEC.observation(),
          SPEC.proprioception(),
          List.of("joints", "tool", "cube"),
          List.of(2, STEPS),
          SPEC.joints(),
          STEPS,
          PERIOD_NANOS);

  private ShownEpisodes() {}

  /** Joint positions with the tool in a pose. */
  static double[] joints(double[] pose, double opening) {
    double q = Math.PI / 4;
    double[] joints = {0, -q, 0, -3 * q, 0, 2 * q, q, opening};
    new InverseKinematics(ROBOT, 2).solve(joints, pose[0], pose[1], pose[2], pose[3], 60);
    return joints;
  }

  /** What is seen of a tool, a cube and the bin. */
  static float[] seen(double[] tool, double opening, double[] cube) {
    double[] joints = joints(tool, opening);
    double[] pose = new double[7];
    new SerialChain(ROBOT).toolPose(joints, pose);
    float[] seen = new float[SPEC.observationWidth()];
    int at = put(joints, JOINTS, seen, 0);
    at = put(pose, 3, seen, at);
    Rotations.firstTwoColumns(pose, 3, seen, at);
    at = put(cube, 3, seen, at + 6);
    seen[at] = (float) Math.cos(cube[3]);
    seen[at + 1] = (float) Math.sin(cube[3]);
    seen[at + 3] = -seen[at + 1];
    seen[at + 4] = seen[at];
    put(BIN, 3, seen, at + 6);
    return seen;
  }

  private static int put(double[] from, int count, float[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = (float) from[i];
    }
    return at + count;
  }

  static double[] pose(double x, double y, double z, double yaw) {
    return new double[] {x, y, z, yaw};
  }

  /** Somebody's episode, written down step by step. */
  static final class Shown {
    private final TreeMap<Long, float[]> observations = new TreeMap<>();
    private final TreeMap<Long, double[]> chunks = new TreeMap<>();
    private final TreeMap<Long, Driver> drivers = new TreeMap<>();
    final TreeMap<Long, double[]> commands = new TreeMap<>();

    /** A step whose chunk goes from the tool straight on by a way each. */
    Shown step(Driver driver, double[] tool, double opening, double[] way, double told) {
      double[] cube = opening == OPEN ? CUBE : pose(tool[0], tool[1], tool[2], 0); // held
      return step(driver, tool, opening, cube, way, told);
    }

    Shown step(
        Driver driver, double[] tool, double opening, double[] cube, double[] way, double told) {
      long stamp = observations.size() * PERIOD_NANOS;
      double[] chunk = new double[STEPS * JOINTS];
      for (int k = 0; k < STEPS; k++) {
        double[] to = tool.clone();
        for (int i = 0; i < to.length; i++) {
          to[i] += (k + 1) * way[i];
        }
        System.arraycopy(joints(to, told), 0, chunk, k * JOINTS, JOINTS);
      }
      observations.put(stamp, seen(tool, opening, cube));
      chunks.put(stamp, chunk);
      drivers.put(stamp, driver);
      commands.put(stamp, joints(tool, told));
      return this;
    }

    RecordedPlans episode(String result) {
      return new RecordedPlans(
          "shown",
          Map.of("task", "tidy"),
          Map.of("result", result),
          observations,
          new TreeMap<>(),
          chunks,
          drivers,
          commands,
          new TreeMap<>());
    }
  }

  /** Down to the cube, take it, up, to the bin, let go. */
  static Shown taking(Driver driver) {
    return new Shown()
        .step(driver, ABOVE, OPEN, DOWN, OPEN)
        .step(driver, pose(0.45, 0.05, 0.02, 0), OPEN, CUBE, new double[4], GRIP)
        .step(driver, pose(0.45, 0.05, 0.021, 0), HELD, new double[] {0, 0, 0.005, 0}, GRIP)
        .step(driver, pose(0.45, 0.05, 0.05, 0), HELD, new double[] {0, 0, 0.005, 0}, GRIP)
        .step(driver, pose(0.45, 0.12, 0.12, 0), HELD, AWAY, GRIP)
        .step(driver, pose(0.46, 0.29, 0.05, 0), HELD, AWAY, GRIP)
        .step(driver, pose(0.46, 0.31, 0.04, 0), OPEN, pose(0.46, 0.31, 0.03, 0), AWAY, OPEN)
        .step(driver, pose(0.46, 0.31, 0.06, 0), OPEN, pose(0.46, 0.31, 0.03, 0), AWAY, OPEN);
  }

  static double[] along(double[] from, double[] way, int steps) {
    double[] to = from.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] += steps * way[i];
    }
    return to;
  }

  static double[] moved(double[] pose, double x, double y, double yaw) {
    return pose(pose[0] + x, pose[1] + y, pose[2], pose[3] + yaw);
  }
}
