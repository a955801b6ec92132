package dev.forearm.sim.expert;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * The scripted expert. Each call predicts, step by step, how the hand will move under the rules of
 * {@link Skill} with bounded speed and acceleration, from where the arm is and how fast it moves
 * now, and turns each predicted pose into joint positions.
 */
public final class Expert implements Policy {
  private static final Driver DRIVER = new Driver.Expert();
  private static final int CHUNK_STEPS = 16;
  private static final List<Integer> FRAMES = List.of(4, 8, 12, 16);
  private static final int POSITION = 3;
  private static final int ROTATION = 6;
  private static final int FINGER = 7;
  private static final int SPARE_JOINT = 2;

  private static final double SERVO_LAG = 0.02; // s by which the arm follows what it is told
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
  private final PolicySpec spec;
  private final SerialChain chain;
  private final InverseKinematics inverse;
  private final double stepSeconds;
  private final int joints;
  private final int positionAt;
  private final int velocityAt;
  private final int redAt;
  private final int blueAt;
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
  private final double[] red = new double[4]; // x y z yaw
  private final double[] blue = new double[4];
  private final double[] leftBin = new double[POSITION];
  private final double[] rightBin = new double[POSITION];
  private final double[] button = new double[POSITION];

  /**
   * @param robot with the joints, chain and rates of the tabletop arm
   */
  public Expert(Task task, Robot robot) {
    this.task = task;
    spec = specOf(task, robot);
    chain = new SerialChain(robot);
    joints = robot.jointCount();
    q = new double[joints];
    jacobian = new double[6 * joints];
    inverse = new InverseKinematics(robot, SPARE_JOINT);
    stepSeconds = robot.policyPeriodNanos() * 1e-9;
    fingerStep = FINGER_SPEED * stepSeconds;
    positionAt = spec.offsetOf("joint_position");
    velocityAt = spec.offsetOf("joint_velocity");
    redAt = spec.offsetOf("red_cube");
    boolean tidy = task == Task.TIDY;
    blueAt = tidy ? spec.offsetOf("blue_cube") : -1;
    leftBinAt = tidy ? spec.offsetOf("left_bin") : -1;
    rightBinAt = tidy ? spec.offsetOf("right_bin") : -1;
    buttonAt = tidy ? spec.offsetOf("button") : -1;
  }

  /**
   * What a policy for this task sees and does: joints, tool and the task's objects; the tool's and
   * the objects' future is imagined.
   */
  public static PolicySpec specOf(Task task, Robot robot) {
    int joints = robot.jointCount();
    List<Feature> features = new ArrayList<>();
    features.add(new Feature("joint_position", new Source.JointPosition(), joints, "mixed"));
    features.add(new Feature("joint_velocity", new Source.JointVelocity(), joints, "mixed"));
    features.add(new Feature("tool_position", new Source.ToolPosition(), POSITION, "m"));
    features.add(new Feature("tool_rotation", new Source.ToolRotation(), ROTATION, "1"));
    List<String> objects = new ArrayList<>();
    switch (task) {
      case LIFT -> addCube("red_cube", features, objects);
      case TIDY -> {
        addCube("red_cube", features, objects);
        addCube("blue_cube", features, objects);
        for (String name : List.of("left_bin", "right_bin", "button")) {
          addPosition(name, features, objects);
        }
      }
    }
    List<String> imagined =
        new ArrayList<>(List.of("joint_position", "tool_position", "tool_rotation"));
    imagined.addAll(objects);
    return new PolicySpec(
        features,
        List.of("joint_position", "joint_velocity", "tool_position", "tool_rotation"),
        imagined,
        FRAMES,
        robot.jointNames(),
        CHUNK_STEPS,
        robot.policyPeriodNanos());
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {}

  @Override
  public void plan(Observation observation, Plan plan) {
    float[] seen = observation.values();
    plan.imagines(false);
    plan.driver(DRIVER);
    look(seen);
    feel(seen);
    double[] actions = plan.actions();
    double told = hand.opening;
    for (int step = 0; step < CHUNK_STEPS; step++) {
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
      int iterations = step == 0 ? FIRST_ITERATIONS : ITERATIONS;
      inverse.solve(q, hand.x, hand.y, hand.z, hand.yaw, iterations);
      System.arraycopy(q, 0, actions, step * joints, joints);
      actions[step * joints + FINGER] = told;
    }
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
    copyCube(seen, redAt, red);
    if (task == Task.TIDY) {
      copyCube(seen, blueAt, blue);
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
    hand.yaw =
        Math.atan2(
            2 * (pose[4] * pose[5] + pose[3] * pose[6]),
            1 - 2 * (pose[5] * pose[5] + pose[6] * pose[6]));
    hand.opening = q[FINGER];
    for (int axis = 0; axis < 4; axis++) {
      int row = axis < 3 ? axis : 5; // vx vy vz, wz
      velocity[axis] = 0;
      for (int j = 0; j < joints; j++) {
        velocity[axis] += jacobian[row * joints + j] * seen[velocityAt + j];
      }
    }
  }

  /** A cube's rotation follows its position, first two columns of the matrix: see specOf. */
  private static void copyCube(float[] seen, int offset, double[] cube) {
    copy(seen, offset, cube);
    int rotation = offset + POSITION;
    cube[3] = Math.atan2(seen[rotation + 1], seen[rotation]);
  }

  private static void copy(float[] seen, int offset, double[] to) {
    for (int i = 0; i < POSITION; i++) {
      to[i] = seen[offset + i];
    }
  }

  private static void addCube(String name, List<Feature> features, List<String> objects) {
    addPosition(name, features, objects);
    String rotation = name + "_rotation";
    features.add(new Feature(rotation, new Source.ObjectRotation(name), ROTATION, "1"));
    objects.add(rotation);
  }

  private static void addPosition(String name, List<Feature> features, List<String> objects) {
    features.add(new Feature(name, new Source.ObjectPosition(name), POSITION, "m"));
    objects.add(name);
  }
}
