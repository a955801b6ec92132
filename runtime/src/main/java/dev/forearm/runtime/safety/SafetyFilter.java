package dev.forearm.runtime.safety;

import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.VelocityTaper;

/**
 * Lets no command leave the robot's limits: position, velocity, acceleration and jerk of each
 * joint, and where the tool may be. It limits the commanded motion, whose position and velocity it
 * keeps itself; measured positions matter only when it restarts, so it never fights the arm's
 * tracking error. Every state it reaches is one from which the arm can brake to rest within all
 * limits, so {@link #brake} is always a way out. Control thread; never allocates.
 *
 * <p>One call is one control cycle of the nominal period. It moves {@link #position}, which keeps
 * all limits but jerk; what may be commanded is the {@linkplain #at path} through these positions,
 * which keeps that as well, by {@link #delayNanos} later.
 */
public final class SafetyFilter {
  /** Share of a joint's acceleration used to catch up with a target; the rest follows it. */
  private static final double CATCH_UP = 0.5;

  /** Halvings when looking for the fastest motion that the fence allows. */
  private static final int FENCE_TRIES = 4;

  private final int joints;
  private final double period;
  private final double[] min;
  private final double[] max;
  private final double[] velocityMax;
  private final double[] step; // acceleration limit times period
  private final double[] taperDeceleration; // infinite where speed does not taper
  private final double[] taperOffset;
  private final MotionPath path;
  private final Fence fence;

  private final double[] position;
  private final double[] velocity;
  private final double[] lastTarget;
  private final double[] candidate;
  private final double[] braked;
  private boolean fenced;
  private long cycles;

  public SafetyFilter(Robot robot) {
    joints = robot.jointCount();
    period = robot.controlPeriodNanos() * 1e-9;
    min = robot.joints().stream().mapToDouble(SafetyFilter::min).toArray();
    max = robot.joints().stream().mapToDouble(SafetyFilter::max).toArray();
    velocityMax = robot.joints().stream().mapToDouble(Joint::velocityMax).toArray();
    step = robot.joints().stream().mapToDouble(j -> j.accelerationMax() * period).toArray();
    taperDeceleration = robot.joints().stream().mapToDouble(SafetyFilter::deceleration).toArray();
    taperOffset = robot.joints().stream().mapToDouble(SafetyFilter::offset).toArray();
    path = new MotionPath(robot);
    fence = new Fence(robot, period, step);
    position = new double[joints];
    velocity = new double[joints];
    lastTarget = new double[joints];
    candidate = new double[joints];
    braked = new double[joints];
  }

  /**
   * Whether the filter can restart from these measured positions: each within its limits, give or
   * take what the joint may travel in one cycle (sensors are noisy and stops are soft).
   */
  public boolean accepts(double[] measured) {
    for (int j = 0; j < joints; j++) {
      double give = velocityMax[j] * period;
      if (!(measured[j] >= min[j] - give && measured[j] <= max[j] + give)) {
        return false;
      }
    }
    return true;
  }

  /** Starts over at rest in measured positions that it {@link #accepts}. */
  public void restart(double[] measured) {
    for (int j = 0; j < joints; j++) {
      position[j] = Math.clamp(measured[j], min[j], max[j]);
      velocity[j] = 0;
      lastTarget[j] = position[j];
    }
    path.restart(position);
  }

  /**
   * Moves the command one cycle towards {@code target}.
   *
   * @param target joint positions in command order, rad or m; any value is survived
   * @return false if a value is not a number; nothing has moved then, and the caller brakes
   */
  public boolean follow(double[] target) {
    if (!finite(target)) {
      return false;
    }
    for (int j = 0; j < joints; j++) {
      double wanted = Math.clamp(target[j], min[j], max[j]);
      candidate[j] = towards(j, wanted);
      lastTarget[j] = wanted;
    }
    keepToolInside();
    move(candidate);
    return true;
  }

  /**
   * Moves the command one cycle at velocities.
   *
   * @param wanted joint velocities in command order, rad/s or m/s; any value is survived
   * @return false if a value is not a number; nothing has moved then, and the caller brakes
   */
  public boolean steer(double[] wanted) {
    if (!finite(wanted)) {
      return false;
    }
    for (int j = 0; j < joints; j++) {
      candidate[j] = limited(j, wanted[j]);
    }
    keepToolInside();
    move(candidate);
    System.arraycopy(position, 0, lastTarget, 0, joints);
    return true;
  }

  /** Moves the command one cycle along the shortest way to rest; at rest it stays where it is. */
  public void brake() {
    for (int j = 0; j < joints; j++) {
      candidate[j] = braked(j);
    }
    move(candidate);
    System.arraycopy(position, 0, lastTarget, 0, joints);
  }

  /** Whether the commanded motion has come to rest. */
  public boolean atRest() {
    for (int j = 0; j < joints; j++) {
      if (velocity[j] != 0) {
        return false;
      }
    }
    return true;
  }

  /** The positions of the newest cycle, rad or m; the filter's own array. */
  public double[] position() {
    return position;
  }

  /**
   * A point of the path that may be commanded.
   *
   * @param share how much of the newest cycle has passed, above -1 and at most 1; one at 0 or below
   *     is of the cycle before
   * @param point receives positions, rad or m
   */
  void at(double share, double[] point) {
    path.at(share, point);
  }

  /** Cycles that the filter has moved. */
  long cycles() {
    return cycles;
  }

  /**
   * How far the path that may be commanded is behind {@link #position}; 0 with no limit of jerk.
   */
  public long delayNanos() {
    return Math.round(path.delayCycles() * period * 1e9);
  }

  /** The velocities of the newest cycle, rad/s or m/s; the filter's own array. */
  public double[] velocity() {
    return velocity;
  }

  /** Whether the fence slowed the last {@link #follow} or {@link #steer}. */
  public boolean fenced() {
    return fenced;
  }

  /** The velocity that brings joint {@code j} to its target within the joint's own limits. */
  private double towards(int j, double wanted) {
    double targetSpeed = (wanted - lastTarget[j]) / period;
    double gap = lastTarget[j] - position[j];
    double catchUp = Braking.speedWithin(Math.abs(gap), CATCH_UP * step[j], period);
    double v = Math.clamp(targetSpeed, -velocityMax[j], velocityMax[j]);
    return limited(j, v + Math.copySign(catchUp, gap));
  }

  /** The velocity within the joint's own limits that is nearest to one. */
  private double limited(int j, double wanted) {
    double v = Math.clamp(wanted, velocity[j] - step[j], velocity[j] + step[j]);
    v = Math.clamp(v, -velocityMax[j], velocityMax[j]);
    return Math.clamp(
        v, -speedWithin(position[j] - min[j], j), speedWithin(max[j] - position[j], j));
  }

  private double speedWithin(double room, int j) {
    double speed = Braking.speedWithin(room, step[j], period);
    return taperDeceleration[j] == Double.POSITIVE_INFINITY
        ? speed
        : Math.min(speed, Braking.taperedSpeed(room, taperDeceleration[j], taperOffset[j], period));
  }

  private double braked(int j) {
    double speed = Math.max(0, Math.abs(velocity[j]) - step[j]);
    return Math.copySign(speed, velocity[j]) + 0.0; // no negative zero
  }

  /**
   * If the fence forbids the candidate, mixes in as much braking as it takes. Limits are intervals
   * around both, so every mixture keeps them; pure braking was allowed in the cycle before.
   */
  private void keepToolInside() {
    fenced = !fence.allows(position, candidate, path);
    if (!fenced) {
      return;
    }
    for (int j = 0; j < joints; j++) {
      braked[j] = braked(j);
    }
    for (int attempt = 0; attempt < FENCE_TRIES; attempt++) {
      for (int j = 0; j < joints; j++) {
        candidate[j] = 0.5 * (candidate[j] + braked[j]);
      }
      if (fence.allows(position, candidate, path)) {
        return;
      }
    }
    System.arraycopy(braked, 0, candidate, 0, joints);
  }

  private void move(double[] velocities) {
    for (int j = 0; j < joints; j++) {
      velocity[j] = velocities[j];
      position[j] = Math.clamp(position[j] + period * velocity[j], min[j], max[j]);
    }
    path.add(position);
    cycles++;
  }

  private static double min(Joint joint) {
    return Math.max(
        joint.positionMin(), joint.taper().map(VelocityTaper::stopMin).orElse(joint.positionMin()));
  }

  private static double max(Joint joint) {
    return Math.min(
        joint.positionMax(), joint.taper().map(VelocityTaper::stopMax).orElse(joint.positionMax()));
  }

  /** No more than the joint may brake with: see {@link Braking#taperedSpeed}. */
  private static double deceleration(Joint joint) {
    return joint
        .taper()
        .map(taper -> Math.min(taper.deceleration(), joint.accelerationMax()))
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** Scaled with the deceleration, so that the speed is nowhere above what the taper allows. */
  private static double offset(Joint joint) {
    return joint
        .taper()
        .map(taper -> taper.offset() * deceleration(joint) / taper.deceleration())
        .orElse(0.0);
  }

  private static boolean finite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
