package dev.forearm.sim.expert;

import dev.forearm.runtime.kinematics.InverseKinematics;
import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import java.util.Optional;

/**
 * What the expert thinks will happen: how the hand moves, policy step by policy step, under the
 * rules of {@link Skill} with bounded speed and acceleration, from where the arm is and how fast it
 * moves now; held cubes come along. Each pose of the hand is turned into joint positions. Owned by
 * the inference thread; allocates nothing.
 */
final class Rollout {
  static final int FINGER = 7;
  static final int CUBE = 4; // values of a cube: x y z yaw

  private static final int POSITION = 3;
  private static final int SPARE_JOINT = 2;

  static final double SERVO_LAG = 0.02; // s by which the arm follows what it is told
  private static final double SPEED_MAX = 0.14; // m/s
  private static final double ACCELERATION_MAX = 2.5; // m/s2
  private static final double TURN_MAX = 1.0; // rad/s
  private static final double TURN_ACCELERATION_MAX = 12; // rad/s2
  private static final double FINGER_SPEED = 0.06; // m/s
  private static final double APPROACH = 0.7; // of the remaining way at most in one step
  private static final double CUBE_HALF_EDGE = 0.0199;
  private static final int FIRST_ITERATIONS = 6;
  private static final int ITERATIONS = 3;
  private static final double BRAKING = 0.25; // of the acceleration is used for braking

  private final Task task;
  private final SerialChain chain;
  private final InverseKinematics inverse;
  private final double stepSeconds;
  private final int joints;
  private final int positionAt;
  private final int velocityAt;
  private final int redAt;
  private final int redTurnAt;
  private final int blueAt;
  private final int blueTurnAt;
  private final int leftBinAt;
  private final int rightBinAt;
  private final int buttonAt;
  private final double fingerStep;

  private final Hand hand = new Hand();
  private final Goal goal = new Goal();
  private final double[] velocity = new double[4]; // x y z m/s, yaw rad/s
  private final double[] q;
  private final double[] pose = new double[7];
  private final double[] jacobian;
  private final double[] red = new double[CUBE];
  private final double[] blue = new double[CUBE];
  private final double[] leftBin = new double[POSITION];
  private final double[] rightBin = new double[POSITION];
  private final double[] button = new double[POSITION];
  private double told; // the finger
  private int iterations;

  /**
   * @param robot with the joints, chain and rates of the tabletop arm
   * @param spec of the observations
   * @throws IllegalArgumentException if they lack what the task is about
   */
  Rollout(Task task, Robot robot, PolicySpec spec) {
    this.task = task;
    chain = new SerialChain(robot);
    joints = robot.jointCount();
    q = new double[joints];
    jacobian = new double[6 * joints];
    inverse = new InverseKinematics(robot, SPARE_JOINT);
    stepSeconds = spec.periodNanos() * 1e-9;
    fingerStep = FINGER_SPEED * stepSeconds;
    positionAt = placeOf(new Source.JointPosition(), spec);
    velocityAt = placeOf(new Source.JointVelocity(), spec);
    redAt = placeOf(new Source.ObjectPosition("red_cube"), spec);
    redTurnAt = placeOf(new Source.ObjectRotation("red_cube"), spec);
    boolean tidy = task == Task.TIDY;
    blueAt = tidy ? placeOf(new Source.ObjectPosition("blue_cube"), spec) : -1;
    blueTurnAt = tidy ? placeOf(new Source.ObjectRotation("blue_cube"), spec) : -1;
    leftBinAt = tidy ? placeOf(new Source.ObjectPosition("left_bin"), spec) : -1;
    rightBinAt = tidy ? placeOf(new Source.ObjectPosition("right_bin"), spec) : -1;
    buttonAt = tidy ? placeOf(new Source.ObjectPosition("button"), spec) : -1;
  }

  /** Begins from an observation. */
  void begin(float[] seen) {
    look(seen);
    feel(seen);
    told = hand.opening;
    iterations = FIRST_ITERATIONS;
  }

  /** One policy step on. */
  void step() {
    decide();
    boolean redHeld = Skill.holds(hand, red);
    boolean blueHeld = task == Task.TIDY && Skill.holds(hand, blue);
    boolean gripping = goal.opening < Skill.GRIPPED;
    told =
        gripping && (redHeld || blueHeld)
            ? goal.opening
            : told + Math.clamp(goal.opening - told, -fingerStep, fingerStep);
    move(gripping && redHeld, gripping && blueHeld);
    hand.opening = isBetweenFingers() ? Math.max(told, CUBE_HALF_EDGE) : told;
    inverse.solve(q, hand.x, hand.y, hand.z, hand.yaw, iterations);
    iterations = ITERATIONS;
  }

  /** What the joints are told by now, in command order, rad or m. */
  void copyCommand(double[] to, int offset) {
    System.arraycopy(q, 0, to, offset, joints);
    to[offset + FINGER] = told;
  }

  /** Where the joints get by what they are told: the fingers no further than a cube lets them. */
  void copyReached(double[] to) {
    System.arraycopy(q, 0, to, 0, joints);
    to[FINGER] = hand.opening;
  }

  /** Where a cube is by now, {@link #CUBE} values; empty for what the expert leaves alone. */
  Optional<double[]> cube(String object) {
    return switch (object) {
      case "red_cube" -> Optional.of(red);
      case "blue_cube" -> task == Task.TIDY ? Optional.of(blue) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private void decide() {
    switch (task) {
      case LIFT -> Skill.lift(hand, red, goal);
      case TIDY -> Skill.tidy(hand, red, blue, leftBin, rightBin, button, goal);
    }
  }

  private boolean isBetweenFingers() {
    return Skill.surrounds(hand, red) || (task == Task.TIDY && Skill.surrounds(hand, blue));
  }

  /** One step towards the goal, braking in time; held cubes come along. */
  private void move(boolean withRed, boolean withBlue) {
    double dx = goal.x - hand.x;
    double dy = goal.y - hand.y;
    double dz = goal.z - hand.z;
    double way = Math.sqrt(dx * dx + dy * dy + dz * dz);
    double scale = way == 0 ? 0 : speed(way, SPEED_MAX, ACCELERATION_MAX) / way;
    double changeX = scale * dx - velocity[0];
    double changeY = scale * dy - velocity[1];
    double changeZ = scale * dz - velocity[2];
    double change = Math.sqrt(changeX * changeX + changeY * changeY + changeZ * changeZ);
    double part = Math.min(1, ACCELERATION_MAX * stepSeconds / Math.max(change, 1e-12));
    velocity[0] += part * changeX;
    velocity[1] += part * changeY;
    velocity[2] += part * changeZ;
    double turn = goal.yaw - hand.yaw;
    double wanted =
        Math.copySign(speed(Math.abs(turn), TURN_MAX, TURN_ACCELERATION_MAX), turn) - velocity[3];
    double turnChange = TURN_ACCELERATION_MAX * stepSeconds;
    velocity[3] += Math.clamp(wanted, -turnChange, turnChange);
    hand.x += velocity[0] * stepSeconds;
    hand.y += velocity[1] * stepSeconds;
    hand.z += velocity[2] * stepSeconds;
    hand.yaw += velocity[3] * stepSeconds;
    if (withRed) {
      bringAlong(red);
    }
    if (withBlue) {
      bringAlong(blue);
    }
  }

  private void bringAlong(double[] cube) {
    for (int i = 0; i < cube.length; i++) {
      cube[i] += velocity[i] * stepSeconds;
    }
  }

  /** The fastest from which one can still brake, and at most a part of the way in one step. */
  private double speed(double way, double speedMax, double accelerationMax) {
    double braking = Math.sqrt(2 * BRAKING * accelerationMax * way);
    return Math.min(Math.min(speedMax, braking), APPROACH * way / stepSeconds);
  }

  private void look(float[] seen) {
    copyCube(seen, redAt, redTurnAt, red);
    if (task == Task.TIDY) {
      copyCube(seen, blueAt, blueTurnAt, blue);
      copy(seen, leftBinAt, leftBin);
      copy(seen, rightBinAt, rightBin);
      copy(seen, buttonAt, button);
    }
  }

  /** Where the hand has been told to go by now: ahead of where it is by the servos' lag. */
  private void feel(float[] seen) {
    for (int i = 0; i < joints; i++) {
      q[i] = seen[positionAt + i] + (i == FINGER ? 0 : SERVO_LAG * seen[velocityAt + i]);
    }
    chain.toolPose(q, pose);
    chain.jacobian(q, jacobian);
    hand.x = pose[0];
    hand.y = pose[1];
    hand.z = pose[2];
    hand.yaw = Rotations.yaw(pose, 3);
    hand.opening = q[FINGER];
    for (int axis = 0; axis < 4; axis++) {
      int row = axis < 3 ? axis : 5; // vx vy vz, wz
      velocity[axis] = 0;
      for (int j = 0; j < joints; j++) {
        velocity[axis] += jacobian[row * joints + j] * seen[velocityAt + j];
      }
    }
  }

  private static void copyCube(float[] seen, int position, int rotation, double[] cube) {
    copy(seen, position, cube);
    cube[3] = Math.atan2(seen[rotation + 1], seen[rotation]);
  }

  private static void copy(float[] seen, int offset, double[] to) {
    for (int i = 0; i < POSITION; i++) {
      to[i] = seen[offset + i];
    }
  }

  private static int placeOf(Source source, PolicySpec spec) {
    return spec.placeNeeded(source, "the expert's rollout");
  }
}
