package dev.forearm.launch.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardDetector;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.file.CalibratedCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.JointOffset;
import dev.forearm.calibration.file.SignalLatency;
import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.frames.UnitQuaternion;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.calibration.handeye.HandEye;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.MotionSpread;
import dev.forearm.calibration.handeye.Mounting;
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
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
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
    Board board = Board.parse(BOARD);
    SyntheticRig rig = new SyntheticRig(robot, CAMERA, board, Mounting.EYE_IN_HAND, seed);
    SplittableRandom random = new SplittableRandom(seed);
    double[] offsets = new double[robot.jointCount()];
    for (int joint : rig.jointsToldApart()) {
      offsets[joint] = Math.toRadians(random.nextDouble(-1, 1));
    }
    know(CAMERA);
    Path images = folder.resolve("pictures");
    ManeuverPolicy policy = new ManeuverPolicy(robot);
    try (InProcessTransport transport = new InProcessTransport(clock);
        SimulatedRobot arm = new SimulatedRobot(transport, SimSettings.of(Gap.none()));
        Mind mind = GuidedArm.mind(policy);
        RobotSession session = new RobotSession(robot, mind, transport, clock, Optional.empty());
        LivePictures pictures = new LivePictures(transport, TOPIC, robot, true)) {
      List<double[]> poses = poses(rig, offsets, 24);
      DrawnCamera camera = new DrawnCamera(transport, TOPIC, problem(rig), rig.truth(), seed);
      double[] wrong = offsets.clone(); // by how much the joints are further than they read
      List<double[]> drawn = new ArrayList<>();
      List<Image> pictureOfRest = new ArrayList<>();
      Runnable look =
          () -> {
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
          };
      GuidedArm guided = new GuidedArm(session, policy, said::add);
      PoseTour tour = new PoseTour(robot, guided, named(poses), said::add);
      long[] movingNanos = {-BRAKING_NANOS};
      long[] strays = new long[1];
      transport.subscribe(
          "/arm_controller/commands",
          Float64MultiArray.TYPE,
          Qos.COMMAND,
          (_, received) -> strays[0] += received - movingNanos[0] > BRAKING_NANOS ? 1 : 0);
      int[] taken = {-1};
      List<GuidedCapture> capture = new ArrayList<>();
      IntSupplier keys =
          () -> {
            boolean waits =
                capture.isEmpty()
                    || guided.moving()
                    || (capture.getFirst().captures().size() == taken[0]
                        && clock.nanos() - movingNanos[0] < PATIENCE_NANOS);
            if (waits) {
              return TypedKeys.NONE;
            }
            taken[0] = capture.getFirst().captures().size();
            movingNanos[0] = clock.nanos();
            for (int j = 0; j < wrong.length; j++) {
              wrong[j] = offsets[j] + JOINT_NOISE_RAD * random.nextGaussian();
            }
            return 'm';
          };
      capture.add(
          new GuidedCapture(
              new BoardDetector(board),
              new PictureFolder(images, robot),
              pictures,
              true,
              (all, _, _) -> MotionSpread.of(all, board, CAMERA).advice(),
              true,
              Optional.of(tour),
              keys,
              said::add));
      GuidedCapture guide = capture.getFirst();
      try (LockstepDrive drive = drive(session, arm, look)) {
        boolean enough =
            drive.runUntil(
                () -> {
                  guide.turn(clock.nanos());
                  movingNanos[0] = guided.moving() ? clock.nanos() : movingNanos[0];
                  return guide.done();
                },
                LIMIT_NANOS);
        assertTrue(enough, said::toString);
      }
      assertTrue(guide.captures().size() >= 20, said::toString);
      assertEquals(0, strays[0], "commands while nobody had asked for motion");
    }
    assertTrue(said.stream().anyMatch(line -> line.contains("; next: ")), said::toString);

    String[] solve = {
      "--images=" + images, "--board=" + BOARD, "--camera=wrist", "--mounting=eye-in-hand"
    };
    calibrate("hand-eye", solve);
    calibrate("joints", solve);
    Calibration found = Calibration.read(file, "tabletop");
    RigidTransform placed = found.transform("panda_grasp", "wrist");
    assertTrue(mm(rig, placed) <= 1, () -> mm(rig, placed) + " mm");
    assertTrue(deg(rig, placed) <= 0.1, () -> deg(rig, placed) + " deg");
    double squares = 0;
    for (JointOffset offset : found.joints()) {
      double off = offset.offset() - offsets[robot.jointIndex(offset.joint())];
      assertTrue(Math.abs(off) < 3 * offset.error(), offset::toString);
      squares += off * off;
    }
    double rootDeg = Math.toDegrees(Math.sqrt(squares / found.joints().size()));
    assertTrue(rootDeg <= 0.05, () -> rootDeg + " deg");
  }

  @Test
  void oneMotionOnAKeyTimesACameraToTwoMillisecondsAndTellsTheServos() throws IOException {
    long seed = 821;
    Board board = Board.parse("chess:5x4:30");
    SyntheticRig rig = new SyntheticRig(robot, SMALL, board, Mounting.EYE_IN_HAND, seed);
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
      HandEye truth = before(rig, positions(arm));
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

  /** Of a rig's camera and its board before it, tilted, where the arm stands. */
  private HandEye before(SyntheticRig rig, double[] joints) {
    double[] tool = new double[7];
    new SerialChain(robot).toolPose(joints, tool);
    Se3_F64 baseFromTool = new Se3_F64();
    baseFromTool.T.setTo(tool[0], tool[1], tool[2]);
    ConvertRotation3D_F64.quaternionToMatrix(
        new Quaternion_F64(tool[3], tool[4], tool[5], tool[6]), baseFromTool.R);
    Se3_F64 cameraFromBoard = new Se3_F64();
    ConvertRotation3D_F64.eulerToMatrix(
        EulerType.XYZ, Math.toRadians(30), Math.toRadians(10), 0, cameraFromBoard.R);
    cameraFromBoard.T.setTo(-0.06, -0.04, 0.33);
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
