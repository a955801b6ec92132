package dev.forearm.sim.scene;

import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.ffi.MujocoModel;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.gap.StartDistribution;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The scene: a seven-joint arm with a gripper, cubes, bins, a button and a drawer. Everything is in
 * the arm's base frame, which is the world frame; lengths m, angles rad, quaternions wxyz. Owned by
 * the thread that steps it; stepping and reading allocate nothing.
 */
public final class Tabletop implements AutoCloseable {
  /** Commanded joints in command order; the last is the opening of one finger, m. */
  public static final List<String> JOINTS =
      List.of(
          "panda_joint1",
          "panda_joint2",
          "panda_joint3",
          "panda_joint4",
          "panda_joint5",
          "panda_joint6",
          "panda_joint7",
          "panda_finger_joint1");

  /** The finger that follows the commanded one. */
  public static final String MIMIC_JOINT = "panda_finger_joint2";

  /** Objects that vision reports, in the order it reports them. */
  public static final List<String> OBJECTS =
      List.of("red_cube", "green_cube", "blue_cube", "left_bin", "right_bin", "button", "drawer");

  /** Those of {@link #OBJECTS} that lie loose; they come first. */
  public static final List<String> CUBES = OBJECTS.subList(0, 3);

  /** One physics step. */
  public static final long STEP_NANOS = 1_000_000;

  /** Values of one pose: x y z, qw qx qy qz. */
  public static final int POSE = 7;

  private static final int FINGER = 7;
  private static final int START_TRIES_MAX = 100_000;
  static final double CUBE_HALF_EDGE = 0.02; // m

  /** Grasp point at (0.42, 0, 0.28), gripper pointing down and open. */
  private static final double[] HOME = {0, -0.3253, 0, -2.5509, 0, 2.2255, 0.7854, 0.04};

  private final MujocoModel model;
  private final MujocoData data;
  private final ObjectVision vision;
  private final StartDistribution starts;
  private final int[] jointPosition = new int[JOINTS.size() + 1];
  private final int[] jointVelocity = new int[JOINTS.size() + 1];
  private final int[] actuator = new int[JOINTS.size() + 1];
  private final int[] body = new int[OBJECTS.size()];
  private final int[] cubePosition = new int[CUBES.size()];
  private final int[] cubeVelocity = new int[CUBES.size()];
  private final boolean[] jammed = new boolean[JOINTS.size()];
  private final double[] frozenPoses = new double[OBJECTS.size() * POSE];
  private final int buttonPosition;
  private final int tool;
  private final double[] toolPose = new double[12];
  private boolean sightFrozen;

  /**
   * @throws dev.forearm.sim.SimFault if there is no MuJoCo
   */
  public Tabletop(Gap gap) {
    this(TabletopModel.compile(gap, TabletopModel.Detail.STREAM), gap);
  }

  /** Over an already compiled model, which stays the caller's to close. */
  Tabletop(MujocoModel model, Gap gap) {
    this.model = model;
    data = new MujocoData(model);
    vision = new ObjectVision(TabletopModel.baseFromSceneCamera(), gap.sceneCamera());
    starts = gap.start();
    for (int i = 0; i <= JOINTS.size(); i++) {
      String joint = i < JOINTS.size() ? JOINTS.get(i) : MIMIC_JOINT;
      jointPosition[i] = model.positionOf(joint);
      jointVelocity[i] = model.velocityOf(joint);
      actuator[i] = model.actuator(joint);
    }
    for (int i = 0; i < OBJECTS.size(); i++) {
      body[i] = model.body(OBJECTS.get(i));
    }
    for (int i = 0; i < CUBES.size(); i++) {
      cubePosition[i] = model.positionOf(CUBES.get(i));
      cubeVelocity[i] = model.velocityOf(CUBES.get(i));
    }
    buttonPosition = model.positionOf("button");
    tool = model.site("tool");
    reset(0);
  }

  /** Puts everything where the start that {@code seed} stands for has it, at rest. */
  public void reset(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    data.reset();
    Arrays.fill(jammed, false);
    sightFrozen = false;
    for (int i = 0; i <= JOINTS.size(); i++) {
      double spread = i < FINGER ? starts.armSpread() : 0;
      double start = HOME[Math.min(i, FINGER)] + spread * (2 * random.nextDouble() - 1);
      data.position(jointPosition[i], start);
      data.control(actuator[i], start);
    }
    double[] xy = scatter(random);
    for (int i = 0; i < CUBES.size(); i++) {
      double halfYaw = 0.5 * starts.yawMax() * (2 * random.nextDouble() - 1);
      int at = cubePosition[i];
      data.position(at, xy[2 * i]);
      data.position(at + 1, xy[2 * i + 1]);
      data.position(at + 2, CUBE_HALF_EDGE);
      data.position(at + 3, Math.cos(halfYaw));
      data.position(at + 4, 0);
      data.position(at + 5, 0);
      data.position(at + 6, Math.sin(halfYaw));
    }
    data.forward();
    refreshTool();
  }

  /** Advances by {@link #STEP_NANOS}. */
  public void step() {
    data.step();
    refreshTool();
  }

  /** Tells one servo where to go: joint in command order; the finger's goes to both fingers. */
  public void servo(int joint, double target) {
    if (jammed[joint]) {
      return;
    }
    data.control(actuator[joint], target);
    if (joint == FINGER) {
      data.control(actuator[joint + 1], target);
    }
  }

  /** Position of a joint in command order, or of the mimic finger after them; rad or m. */
  public double jointPosition(int joint) {
    return data.position(jointPosition[joint]);
  }

  /** Velocity of a joint in command order, or of the mimic finger after them; rad/s or m/s. */
  public double jointVelocity(int joint) {
    return data.velocity(jointVelocity[joint]);
  }

  /** Has a joint, in command order, stay where it is until the next reset. */
  void jam(int joint) {
    servo(joint, jointPosition(joint));
    jammed[joint] = true;
  }

  /** Has vision report until the next reset what it reports now. */
  void freezeSight() {
    seenPoses(frozenPoses);
    sightFrozen = true;
  }

  /** Puts a cube, by its place in {@link #CUBES}, elsewhere, at rest and turned as it is; m. */
  void shift(int cube, double dx, double dy, double dz) {
    int at = cubePosition[cube];
    data.position(at, data.position(at) + dx);
    data.position(at + 1, data.position(at + 1) + dy);
    data.position(at + 2, data.position(at + 2) + dz);
    for (int i = 0; i < 6; i++) {
      data.velocity(cubeVelocity[cube] + i, 0);
    }
    data.forward();
  }

  /** Home position of a joint in command order. */
  static double home(int joint) {
    return HOME[joint];
  }

  /** Copies the poses of {@link #OBJECTS} as vision reports them, {@link #POSE} values each. */
  public void seenPoses(double[] poses) {
    if (sightFrozen) {
      System.arraycopy(frozenPoses, 0, poses, 0, frozenPoses.length);
      return;
    }
    truePoses(poses);
    for (int i = 0; i < body.length; i++) {
      vision.look(poses, i * POSE);
    }
  }

  /** Copies the poses of {@link #OBJECTS} as they are, {@link #POSE} values each. */
  public void truePoses(double[] poses) {
    for (int i = 0; i < body.length; i++) {
      data.bodyPose(body[i], poses, i * POSE);
    }
  }

  /** True position of an object of {@link #OBJECTS}, axis 0 x, 1 y, 2 z; m. */
  public double object(int object, int axis) {
    return data.bodyPosition(body[object], axis);
  }

  /** How far the button is pressed, m. */
  public double buttonTravel() {
    return data.position(buttonPosition);
  }

  /** True pose of the grasp point: x y z, then the row-major rotation matrix; not to be changed. */
  public double[] toolPose() {
    return toolPose;
  }

  /** The model, for cameras. */
  public MujocoModel model() {
    return model;
  }

  /** The state, for cameras and tests. */
  public MujocoData data() {
    return data;
  }

  @Override
  public void close() {
    data.close();
    model.close();
  }

  private void refreshTool() {
    data.sitePose(tool, toolPose, 0);
  }

  /** Cube centres, x y each, by rejection: the first three far enough from each other. */
  private double[] scatter(SplittableRandom random) {
    double xSpan = starts.coverage() * (starts.xMax() - starts.xMin());
    double[] xy = new double[2 * CUBES.size()];
    int placed = 0;
    for (int tries = 0; placed < CUBES.size(); tries++) {
      if (tries == START_TRIES_MAX) {
        throw new IllegalStateException("no room for three cubes in " + starts);
      }
      if (tries % 100 == 99) {
        placed = 0; // the first two may leave no room for the third
      }
      xy[2 * placed] = starts.xMin() + xSpan * random.nextDouble();
      xy[2 * placed + 1] = starts.yMin() + (starts.yMax() - starts.yMin()) * random.nextDouble();
      if (isClear(xy, placed)) {
        placed++;
      }
    }
    return xy;
  }

  private boolean isClear(double[] xy, int candidate) {
    for (int i = 0; i < candidate; i++) {
      if (Math.hypot(xy[2 * i] - xy[2 * candidate], xy[2 * i + 1] - xy[2 * candidate + 1])
          < starts.separation()) {
        return false;
      }
    }
    return true;
  }
}
