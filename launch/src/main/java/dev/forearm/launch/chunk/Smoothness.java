package dev.forearm.launch.chunk;

import dev.forearm.launch.session.ExecutedCommands;
import dev.forearm.launch.session.StepListener;
import dev.forearm.launch.session.TaskState;
import dev.forearm.runtime.control.ChunkPath;
import dev.forearm.runtime.control.Follower;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How smooth the commands of a follower are where one chunk takes over from another, and how far
 * behind the chunks they come. Of the rotating joints, the worst at each seam; differences from one
 * command to the next.
 *
 * <pre>
 *   position      how far a command is from where the two before were heading
 *   velocity      how much it changes from one command to the next
 *   acceleration  the same
 *   jerk          over all commands, root mean square
 *   lag           the shift in time that fits commands and newest chunks best (least squares)
 * </pre>
 */
final class Smoothness implements Follower, StepListener {
  private static final int AROUND = 3; // commands after a seam that may tell of it

  private final Follower inner;
  private final Robot robot;
  private final double seconds; // a control period
  private final int[] rotating;
  private final ChunkPath newest;
  private final Map<Long, double[]> wanted = new HashMap<>(); // by stamp: positions, velocities
  private final Set<Long> seams = new HashSet<>(); // stamps of commands on a new chunk
  private final List<Long> stamps = new ArrayList<>();
  private final List<double[]> commands = new ArrayList<>();

  private final List<Double> positionJumps = new ArrayList<>();
  private final List<Double> velocityJumps = new ArrayList<>();
  private final List<Double> accelerationJumps = new ArrayList<>();
  private double jerkSquared;
  private long jerks;
  private double behind;
  private double moved;
  private boolean isSeam;

  Smoothness(Follower inner, Robot robot) {
    this.inner = inner;
    this.robot = robot;
    seconds = robot.controlPeriodNanos() * 1e-9;
    newest = new ChunkPath(robot.jointCount());
    int[] all = new int[robot.jointCount()];
    Arrays.setAll(all, joint -> joint);
    rotating =
        Arrays.stream(all)
            .filter(joint -> robot.joints().get(joint).unit() == JointUnit.RADIAN)
            .toArray();
  }

  @Override
  public void take(ActionChunk chunk, long now, double[] position, double[] velocity) {
    inner.take(chunk, now, position, velocity);
    newest.take(chunk);
    isSeam = true;
  }

  @Override
  public void sample(long now, double[] target) {
    inner.sample(now, target);
    newest.at(now);
    double[] path = new double[2 * target.length];
    for (int j = 0; j < target.length; j++) {
      path[j] = newest.position(j);
      path[target.length + j] = newest.velocity(j);
    }
    wanted.put(now, path);
    if (isSeam) {
      seams.add(now);
      isSeam = false;
    }
  }

  @Override
  public void stepped(Observation observation, Plan plan, TaskState task, ExecutedCommands sent) {
    take(sent);
  }

  @Override
  public void ended(ExecutedCommands sent) {
    take(sent);
    judge();
    wanted.clear();
    seams.clear();
    stamps.clear();
    commands.clear();
  }

  /** By name, unit last. Seams: mean and 95th percentile. */
  Map<String, Double> values(String name) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(name + "seams", (double) positionJumps.size());
    put(values, name + "seam_position_", "mrad", 1e3, positionJumps);
    put(values, name + "seam_velocity_", "mrad_s", 1e3, velocityJumps);
    put(values, name + "seam_acceleration_", "rad_s2", 1, accelerationJumps);
    values.put(name + "jerk_rms_rad_s3", Math.sqrt(jerkSquared / jerks));
    values.put(name + "lag_ms", 1e3 * behind / moved);
    return values;
  }

  private void take(ExecutedCommands sent) {
    for (int i = 0; i < sent.count(); i++) {
      double[] positions = new double[robot.jointCount()];
      for (int j = 0; j < positions.length; j++) {
        positions[j] = sent.position(i, j);
      }
      stamps.add(sent.stampNanos(i));
      commands.add(positions);
    }
  }

  private void judge() {
    int begun = 0; // commands without a gap and on a chunk
    for (int i = 0; i < commands.size(); i++) {
      boolean follows = i > 0 && stamps.get(i) - stamps.get(i - 1) == robot.controlPeriodNanos();
      begun = follows && wanted.containsKey(stamps.get(i)) ? begun + 1 : 0;
      if (begun > AROUND) {
        lag(i);
        for (int j : rotating) {
          double jerk = difference(3, i, j);
          jerkSquared += jerk * jerk;
          jerks++;
        }
        if (seams.contains(stamps.get(i)) && i + AROUND < commands.size()) {
          seam(i);
        }
      }
    }
  }

  private void lag(int i) {
    double[] path = wanted.getOrDefault(stamps.get(i), new double[0]);
    for (int j : rotating) {
      double velocity = path[robot.jointCount() + j];
      behind += (path[j] - commands.get(i)[j]) * velocity;
      moved += velocity * velocity;
    }
  }

  private void seam(int first) {
    double position = 0;
    double velocity = 0;
    double acceleration = 0;
    for (int i = first; i < first + AROUND; i++) {
      for (int j : rotating) {
        double change = Math.abs(difference(2, i, j)) * seconds;
        velocity = Math.max(velocity, change);
        acceleration = Math.max(acceleration, Math.abs(difference(3, i, j)) * seconds);
      }
    }
    for (int j : rotating) {
      position = Math.max(position, Math.abs(difference(2, first, j)) * seconds * seconds);
    }
    positionJumps.add(position);
    velocityJumps.add(velocity);
    accelerationJumps.add(acceleration);
  }

  /** The derivative of that order at a command, from it and those before. */
  private double difference(int order, int i, int joint) {
    return order == 0
        ? commands.get(i)[joint]
        : (difference(order - 1, i, joint) - difference(order - 1, i - 1, joint)) / seconds;
  }

  private static void put(
      Map<String, Double> values, String name, String unit, double factor, List<Double> jumps) {
    double[] sorted = jumps.stream().mapToDouble(jump -> factor * jump).sorted().toArray();
    values.put(name + "mean_" + unit, Arrays.stream(sorted).average().orElse(Double.NaN));
    values.put(
        name + "p95_" + unit,
        sorted.length == 0 ? Double.NaN : sorted[(int) (0.95 * (sorted.length - 1))]);
  }
}
