package dev.forearm.launch.capture;

import static dev.forearm.calibration.handeye.Mounting.EYE_IN_HAND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardDetector;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.file.CalibratedCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.SignalLatency;
import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.frames.UnitQuaternion;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.calibration.handeye.HandEye;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.Noise;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.launch.House;
import dev.forearm.launch.InProcess;
import dev.forearm.launch.session.LockstepDrive;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Qos;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.ManeuverPolicy;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.JointResponse;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.node.SimulatedRobot;
import dev.forearm.sim.scene.Tabletop;
import georegression.geometry.ConvertRotation3D_F64;
import georegression.struct.EulerType;
import georegression.struct.se.Se3_F64;
import georegression.struct.so.Quaternion_F64;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The simulated table-top arm before a drawn board, calibrated live in lockstep: from the keys that
 * a person presses to the numbers in the file, against what the simulation was made with.
 */
final class LiveCalibrationTest {
  private static final String TOPIC = "/calibrated_camera/image_raw";
  private static final String BOARD = "charuco:10x7:22:16:4x4";
  private static final PinholeCamera CAMERA =
      new PinholeCamera(640, 480, 612, 608, 322.5, 236.1, 0.09, -0.17, 0.0012, -0.0007, 0.02);
  private static final PinholeCamera SMALL =
      new PinholeCamera(240, 180, 231, 230, 118.5, 90.2, 0.05, -0.08, 0.001, 0, 0);
  private static final long STILL_PERIOD_MS = 400;
  private static final long MOVING_PERIOD_MS = 66;
  private static final long CAMERA_LATE_MS = 42;
  private static final double JOINT_NOISE_RAD = Math.toRadians(0.05);
  private static final double AT_REST = 2e-3; // rad/s or m/s
  private static final long BRAKING_NANOS = 1_000_000_000;
  private static final long PATIENCE_NANOS = 4_000_000_000L; // at a pose without a picture
  private static final double SAME_REST = 1e-4; // rad or m
  private static final long LIMIT_NANOS = 600_000_000_000L;

  private final Robot robot = House.robot("tabletop");
  private final SimulatedClock clock = new SimulatedClock();
  private final List<String> said = new ArrayList<>();

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void nothingIsKnown() {
    file = folder.resolve("calibration.yaml");
  }

  @Test
  void twentyPosesOnAKeyEachPlaceTheCameraAndTellTheJointsOffsets() throws IOException {
    long seed = 812;
    SyntheticRig rig = new SyntheticRig(robot, CAMERA, Board.parse(BOARD), EYE_IN_HAND, seed);
    SplittableRandom random = new SplittableRandom(seed);
    double[] offsets = offsets(rig, random);
    Map<String, double[]> poses = named(poses(rig, offsets, 24));
    try (Scene scene = new Scene(rig, _ -> rig.truth(), offsets, random, seed)) {
      PoseTour tour = new PoseTour(robot, scene.guided, poses, said::add);
      int[] taken = {-1};
      scene.take(
          tour,
          captures -> {
            if (scene.guided.moving() || scene.waits(captures == taken[0])) {
              return TypedKeys.NONE;
            }
            taken[0] = captures;
            scene.leaves();
            return 'm';
          });
    }
    double[] told = solve(rig, offsets);
    assertTrue(told.length > 0 && rootMeanSquareDeg(told) <= 0.05, () -> Arrays.toString(told));
  }

  @Test
  void oneKeyHeldAgainAndAgainIsEnoughForAWholeCalibration() throws IOException {
    long seed = 851;
    SyntheticRig rig = new SyntheticRig(robot, CAMERA, Board.parse(BOARD), EYE_IN_HAND, seed);
    SplittableRandom random = new SplittableRandom(seed);
    double[] offsets = offsets(rig, random);
    Function<double[], HandEye> truth =
        at -> before(rig, at, new double[] {-0.09, -0.06, 0.42, 12, -8});
    try (Scene scene = new Scene(rig, truth, offsets, random, seed)) {
      PoseJog jog = new PoseJog(robot, scene.guided, scene.coach, said::add);
      scene.take(jog, new Holder(scene));
    }
    assertTrue(said.stream().anyMatch(line -> line.startsWith("a pose: ")), said::toString);
    double[] told = solve(rig, offsets);
    assertTrue(told.length > 0, said::toString);
  }

  /** Presses the key for a proposal, reads that, and holds the key down until the arm is there. */
  private final class Holder implements IntUnaryOperator {
    private static final long READS_NANOS = 1_200_000_000;
    private static final long FIRST_REPEAT_NANOS = 500_000_000;
    private static final long REPEAT_NANOS = 33_000_000;

    private final Scene scene;
    private int taken;
    private int presses;
    private long nextNanos;

    Holder(Scene scene) {
      this.scene = scene;
    }

    @Override
    public int applyAsInt(int captures) {
      boolean over = presses > 2 && !scene.guided.moving();
      if (over || (presses == 0 && scene.waits(captures == taken))) {
        presses = 0;
        return TypedKeys.NONE;
      }
      if (clock.nanos() < nextNanos) {
        return TypedKeys.NONE;
      }
      long pause =
          switch (presses++) {
            case 0 -> READS_NANOS;
            case 1 -> FIRST_REPEAT_NANOS;
            default -> REPEAT_NANOS;
          };
      nextNanos = clock.nanos() + pause;
      if (presses == 3) {
        taken = captures;
        scene.leaves();
      }
      return 'm';
    }
  }

  /** The arm before a drawn board, and a picture of each of its rests. */
  private final class Scene implements AutoCloseable {
    private final InProcessTransport transport = new InProcessTransport(clock);
    private final SimulatedRobot arm = new SimulatedRobot(transport, SimSettings.of(Gap.none()));
    private final ManeuverPolicy policy = new ManeuverPolicy(robot);
    private final Mind mind = GuidedArm.mind(policy);
    private final RobotSession session =
        new RobotSession(robot, mind, transport, clock, Optional.empty());
    private final LivePictures pictures = new LivePictures(transport, TOPIC, robot, true);
    private final List<double[]> drawn = new ArrayList<>();
    private final List<Image> pictureOfRest = new ArrayList<>();
    private final double[] offsets;
    private final double[] wrong; // by how much the joints are further than they read
    private final SplittableRandom random;
    private final DrawnCamera camera;
    private long movingNanos = -BRAKING_NANOS;
    private long strays; // commands while nobody had asked for motion
    final GuidedArm guided = new GuidedArm(session, policy, said::add);
    final Coach coach;

    /**
     * @param truth by where the joints are at first
     */
    Scene(
        SyntheticRig rig,
        Function<double[], HandEye> truth,
        double[] offsets,
        SplittableRandom random,
        long seed) {
      this.offsets = offsets;
      this.random = random;
      wrong = offsets.clone();
      HandEyeProblem problem = problem(rig);
      coach = new HandEyeCoach(problem);
      camera = new DrawnCamera(transport, TOPIC, problem, truth.apply(positions(arm)), seed);
      transport.subscribe(
          "/arm_controller/commands",
          Float64MultiArray.TYPE,
          Qos.COMMAND,
          (_, received) -> strays += received - movingNanos > BRAKING_NANOS ? 1 : 0);
    }

    /** Whether a person looks on who has seen as many pictures before. */
    boolean waits(boolean sameCount) {
      return sameCount && clock.nanos() - movingNanos < PATIENCE_NANOS;
    }

    /** The arm goes somewhere where its joints are read a little differently. */
    void leaves() {
      movingNanos = clock.nanos();
      for (int j = 0; j < wrong.length; j++) {
        wrong[j] = offsets[j] + JOINT_NOISE_RAD * random.nextGaussian();
      }
    }

    /**
     * Takes pictures until nothing is missing.
     *
     * @param person gives a key or none, by how many there are
     */
    void take(Steering steering, IntUnaryOperator person) {
      List<GuidedCapture> guides = new ArrayList<>();
      IntSupplier keys =
          () ->
              guides.isEmpty()
                  ? TypedKeys.NONE
                  : person.applyAsInt(guides.getFirst().captures().size());
      GuidedCapture guide =
          new GuidedCapture(
              new BoardDetector(Board.parse(BOARD)),
              new PictureFolder(images(), robot),
              pictures,
              true,
              coach,
              true,
              Optional.of(steering),
              keys,
              said::add);
      guides.add(guide);
      try (LockstepDrive drive = drive(session, arm, this::look)) {
        boolean enough =
            drive.runUntil(
                () -> {
                  guide.turn(clock.nanos());
                  movingNanos = guided.moving() ? clock.nanos() : movingNanos;
                  return guide.done();
                },
                LIMIT_NANOS);
        assertTrue(enough, said::toString);
      }
      assertTrue(guide.captures().size() >= 20, said::toString);
      assertTrue(said.stream().anyMatch(line -> line.contains("; next: ")), said::toString);
      assertEquals(0, strays, said::toString);
    }

    private void look() {
      if (clock.nanos() / 1_000_000 % STILL_PERIOD_MS != 0) {
        return;
      }
      if (!rests(arm)) {
        camera.publish(camera.blank(clock.nanos())); // a blur
        return;
      }
      double[] joints = sum(positions(arm), wrong);
      if (drawn.isEmpty() || distance(drawn.getLast(), joints) > SAME_REST) {
        drawn.add(joints);
        pictureOfRest.add(camera.see(clock.nanos(), joints));
      }
      camera.publish(pictureOfRest.getLast());
    }

    @Override
    public void close() {
      pictures.close();
      session.close();
      mind.close();
      arm.close();
      transport.close();
    }
  }

  private double[] offsets(SyntheticRig rig, SplittableRandom random) {
    double[] offsets = new double[robot.jointCount()];
    for (int joint : rig.jointsToldApart()) {
      offsets[joint] = Math.toRadians(random.nextDouble(-1, 1));
    }
    return offsets;
  }

  private Path images() {
    return folder.resolve("pictures");
  }

  /** Solves what was taken; how far off each joint's offset is then, rad. */
  private double[] solve(SyntheticRig rig, double[] offsets) throws IOException {
    know(CAMERA);
    String[] solve = {
      "--images=" + images(), "--board=" + BOARD, "--camera=wrist", "--mounting=eye-in-hand"
    };
    calibrate("hand-eye", solve);
    calibrate("joints", solve);
    Calibration found = Calibration.read(file, "tabletop");
    RigidTransform placed = found.transform("panda_grasp", "wrist");
    assertTrue(mm(rig, placed) <= 1, () -> mm(rig, placed) + " mm");
    assertTrue(deg(rig, placed) <= 0.1, () -> deg(rig, placed) + " deg");
    return found.joints().stream()
        .mapToDouble(offset -> {
          double off = offset.offset() - offsets[robot.jointIndex(offset.joint())];
          assertTrue(Math.abs(off) < 3 * offset.error(), offset::toString);
          return off;
        })
        .toArray();
  }

  private static double rootMeanSquareDeg(double[] rad) {
    return Math.toDegrees(
        Math.sqrt(Arrays.stream(rad).map(each -> each * each).average().orElse(Double.NaN)));
  }

  @Test
  void oneMotionOnAKeyTimesACameraToTwoMillisecondsAndTellsTheServos() throws IOException {
    long seed = 821;
    Board board = Board.parse("chess:5x4:30");
    SyntheticRig rig = new SyntheticRig(robot, SMALL, board, EYE_IN_HAND, seed);
    know(SMALL);
    Gap gap = Gap.standard();
    ManeuverPolicy policy = new ManeuverPolicy(robot);
    Path episode;
    try (InProcessTransport transport = new InProcessTransport(clock);
        SimulatedRobot arm = new SimulatedRobot(transport, SimSettings.of(gap));
        Mind mind = GuidedArm.mind(policy);
        RobotSession session =
            new RobotSession(
                robot, mind, transport, clock, Optional.of(RecorderSettings.lockstep(folder)))) {
      HandEye truth = before(rig, positions(arm), new double[] {-0.06, -0.04, 0.33, 30, 10});
      DrawnCamera camera = new DrawnCamera(transport, TOPIC, problem(rig), truth, seed);
      Deque<double[]> past = new ArrayDeque<>();
      Runnable look =
          () -> {
            past.addLast(positions(arm));
            if (past.size() > CAMERA_LATE_MS + 1) {
              past.removeFirst();
            }
            if (clock.nanos() / 1_000_000 % MOVING_PERIOD_MS == 0) {
              camera.publish(camera.see(clock.nanos(), past.getFirst()));
            }
          };
      ExcitedEpisode.recordImages(session, TOPIC);
      try (LockstepDrive drive = drive(session, arm, look)) {
        int[] looks = new int[1];
        episode =
            new ExcitedEpisode(session, drive, policy, said::add)
                .record(
                    "excitation",
                    Math.toRadians(8),
                    () -> looks[0]++ == 500 ? 'm' : TypedKeys.NONE,
                    () -> false);
      }
    }
    calibrate(
        "latency",
        "--episode=" + episode,
        "--topic=" + TOPIC,
        "--camera=wrist",
        "--board=chess:5x4:30");
    List<SignalLatency> found = Calibration.read(file, "tabletop").latencies();
    SignalLatency camera =
        found.stream().filter(late -> late.signal().equals(TOPIC)).findFirst().orElseThrow();
    assertEquals(CAMERA_LATE_MS, camera.millis(), 2, camera::toString);

    Path servos = folder.resolve("actuators.yaml");
    run("calibrate", "actuators", "--episodes=" + episode, "-o", servos.toString());
    List<JointResponse> joints = ActuatorCalibration.read(servos).joints();
    for (int j = 0; j < joints.size(); j++) {
      JointResponse joint = joints.get(j);
      if (joint.gainError().isPresent()) {
        assertEquals(gap.gain().get(j), joint.gain(), 5e-3, joint::toString);
      }
      assertTrue(Math.abs(joint.lagNanos() - 40e6) < 10e6, joint::toString);
    }
    assertTrue(
        joints.stream().filter(joint -> joint.gainError().isPresent()).count() >= 4,
        joints::toString);
  }

  private LockstepDrive drive(RobotSession session, SimulatedRobot arm, Runnable look) {
    return new LockstepDrive(
        session,
        clock,
        stamp -> {
          arm.step(stamp);
          look.run();
        },
        Tabletop.STEP_NANOS,
        () -> 0);
  }

  /**
   * Of a rig's camera and a board before it, where the arm stands.
   *
   * @param board its x y z in m, then its turns about x and y in deg
   */
  private HandEye before(SyntheticRig rig, double[] joints, double[] board) {
    double[] tool = new double[7];
    new SerialChain(robot).toolPose(joints, tool);
    Se3_F64 baseFromTool = new Se3_F64();
    baseFromTool.T.setTo(tool[0], tool[1], tool[2]);
    ConvertRotation3D_F64.quaternionToMatrix(
        new Quaternion_F64(tool[3], tool[4], tool[5], tool[6]), baseFromTool.R);
    Se3_F64 cameraFromBoard = new Se3_F64();
    ConvertRotation3D_F64.eulerToMatrix(
        EulerType.XYZ, Math.toRadians(board[3]), Math.toRadians(board[4]), 0, cameraFromBoard.R);
    cameraFromBoard.T.setTo(board[0], board[1], board[2]);
    Se3_F64 toolFromCamera = rig.truth().mountFromCamera();
    Se3_F64 toolFromBoard = cameraFromBoard.concat(toolFromCamera, new Se3_F64());
    return new HandEye(toolFromCamera, toolFromBoard.concat(baseFromTool, new Se3_F64()));
  }

  /** Poses within the workspace and not far from each other, as joints read there. */
  private List<double[]> poses(SyntheticRig rig, double[] offsets, int count) {
    SerialChain chain = new SerialChain(robot);
    double[] tool = new double[7];
    List<double[]> poses = new ArrayList<>();
    for (Capture capture :
        rig.captures(20 * count, SyntheticRig.Tilt.GUIDED, offsets, new Noise(0, 0)).captures()) {
      double[] joints = capture.joints();
      joints[robot.jointCount() - 1] = 0.02; // the finger
      chain.toolPose(joints, tool);
      boolean inside = tool[0] > 0.2 && tool[0] < 0.75 && Math.abs(tool[1]) < 0.55;
      boolean near = poses.isEmpty() || distance(poses.getFirst(), joints) < 1.5;
      if (inside && tool[2] > 0.1 && tool[2] < 0.75 && near && poses.size() < count) {
        poses.add(joints);
      }
    }
    return poses;
  }

  private static double distance(double[] one, double[] other) {
    double most = 0;
    for (int j = 0; j < one.length; j++) {
      most = Math.max(most, Math.abs(one[j] - other[j]));
    }
    return most;
  }

  private static Map<String, double[]> named(List<double[]> poses) {
    Map<String, double[]> named = new LinkedHashMap<>();
    poses.forEach(pose -> named.put("pose " + (named.size() + 1), pose));
    return named;
  }

  private HandEyeProblem problem(SyntheticRig rig) {
    return rig.captures(
        1, SyntheticRig.Tilt.GUIDED, new double[robot.jointCount()], new Noise(0, 0));
  }

  private static boolean rests(SimulatedRobot arm) {
    for (int j = 0; j < Tabletop.JOINTS.size(); j++) {
      if (Math.abs(arm.scene().jointVelocity(j)) > AT_REST) {
        return false;
      }
    }
    return true;
  }

  private static double[] positions(SimulatedRobot arm) {
    double[] positions = new double[Tabletop.JOINTS.size()];
    for (int j = 0; j < positions.length; j++) {
      positions[j] = arm.scene().jointPosition(j);
    }
    return positions;
  }

  private static double[] sum(double[] one, double[] other) {
    double[] sum = one.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
    return sum;
  }

  private static double mm(SyntheticRig rig, RigidTransform placed) {
    var truth = rig.truth().mountFromCamera().T;
    return 1e3
        * Math.hypot(Math.hypot(placed.x() - truth.x, placed.y() - truth.y), placed.z() - truth.z);
  }

  private static double deg(SyntheticRig rig, RigidTransform placed) {
    Quaternion_F64 truth =
        ConvertRotation3D_F64.matrixToQuaternion(rig.truth().mountFromCamera().R, null);
    UnitQuaternion q = placed.rotation();
    double dot = q.w() * truth.w + q.x() * truth.x + q.y() * truth.y + q.z() * truth.z;
    return Math.toDegrees(2 * Math.acos(Math.min(1, Math.abs(dot))));
  }

  private void know(PinholeCamera camera) throws IOException {
    Calibration known =
        Calibration.empty("tabletop", "2026-11-28")
            .with(new CalibratedCamera("wrist", camera, 0.1, 0.1), "2026-11-28");
    Files.writeString(file, known.text());
  }

  private void calibrate(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of("calibrate", command, "-o", file.toString()));
    arguments.addAll(List.of(more));
    run(arguments.toArray(String[]::new));
  }

  private static void run(String... arguments) {
    assertEquals("", InProcess.run(arguments));
  }
}
