package dev.forearm.bench;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardView;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.handeye.Freedom;
import dev.forearm.calibration.handeye.HandEyeBound;
import dev.forearm.calibration.handeye.HandEyeCalibration;
import dev.forearm.calibration.handeye.HandEyeFinding;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.Mounting;
import dev.forearm.calibration.handeye.Noise;
import dev.forearm.calibration.handeye.PosePair;
import dev.forearm.calibration.handeye.PosePairFit;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.robot.Robot;
import georegression.struct.se.Se3_F64;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Hand-eye calibration on rigs whose truth is known, eye in hand and eye to hand in turn: twenty
 * guided poses, .3 px at corners and .05 deg at joints. Peers: all of OpenCV's methods on the same
 * corners and joint readings, and the reference solvers of KinHEC on its own sequences.
 */
final class CalibrationBench implements Benchmark {
  private static final PinholeCamera CAMERA =
      new PinholeCamera(640, 480, 612, 608, 322.5, 236.1, 0.09, -0.17, 0.0012, -0.0007, 0.02);
  private static final Board BOARD = Board.chess(9, 6, 0.022);
  private static final int RIGS = 20;
  private static final int POSES = 20;
  private static final double OFFSET_MAX_DEG = 1;
  private static final double ERROR_MAX_MM = 1;
  private static final double ERROR_MAX_DEG = 0.1;

  private final Robot robot;
  private final long seed;

  CalibrationBench(Robot robot, long seed) {
    this.robot = robot;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "calibration";
  }

  @Override
  public String purpose() {
    return "hand-eye calibration against known truth, OpenCV and KinHEC's reference solvers";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(
        name(),
        folder -> {
          Map<String, Double> values = new LinkedHashMap<>();
          againstOpenCv("hand_eye_", 0, folder, values);
          againstOpenCv("hand_eye_offsets_", OFFSET_MAX_DEG, folder, values);
          againstKinhec(folder, values);
          return values;
        });
  }

  /**
   * On rigs whose joints read wrong.
   *
   * @param offsetMaxDeg by up to so much, those whose offsets can be told
   */
  private void againstOpenCv(
      String which, double offsetMaxDeg, Path folder, Map<String, Double> values)
      throws IOException {
    Errors errors = new Errors();
    List<Double> offsets = new ArrayList<>();
    List<HandEyeBound> bounds = new ArrayList<>();
    List<Object> problems = new ArrayList<>();
    for (int i = 0; i < RIGS; i++) {
      Mounting mounting = i % 2 == 0 ? Mounting.EYE_IN_HAND : Mounting.EYE_TO_HAND;
      SyntheticRig rig = new SyntheticRig(robot, CAMERA, BOARD, mounting, seed + i);
      double[] wrong = new double[robot.jointCount()];
      SplittableRandom random = new SplittableRandom(seed + i);
      for (int joint : rig.jointsToldApart()) {
        wrong[joint] = Math.toRadians(offsetMaxDeg * random.nextDouble(-1, 1));
      }
      HandEyeProblem problem = rig.captures(POSES, SyntheticRig.Tilt.GUIDED, wrong, Noise.USUAL);
      HandEyeFinding found =
          HandEyeCalibration.of(problem, EnumSet.of(Freedom.JOINT_OFFSETS), Noise.USUAL);
      errors.add(found.handEye().mountFromCamera(), rig.truth().mountFromCamera());
      bounds.add(HandEyeBound.of(problem, rig.truth(), wrong, offsetMaxDeg == 0, Noise.USUAL));
      for (int joint : rig.jointsToldApart()) {
        offsets.add(Math.toDegrees(found.offsets().get(joint).rad() - wrong[joint]));
      }
      problems.add(toJson(problem, rig.truth().mountFromCamera()));
    }
    values.put(which + "mm", errors.mm());
    values.put(which + "deg", errors.deg());
    values.put(which + "worst_mm", errors.worstMm());
    values.put(which + "worst_deg", errors.worstDeg());
    values.put(which + "joints_deg", rootMeanSquare(offsets));
    values.put(which + "beyond", errors.beyond(ERROR_MAX_MM, ERROR_MAX_DEG));
    values.put(which + "bound_mm", rootMeanSquare(bounds.stream().map(HandEyeBound::mm).toList()));
    values.put(
        which + "bound_deg", rootMeanSquare(bounds.stream().map(HandEyeBound::deg).toList()));
    values.put(
        which + "bound_beyond",
        bounds.stream().mapToDouble(one -> one.chanceBeyond(ERROR_MAX_MM, ERROR_MAX_DEG)).sum());
    Path file = Files.writeString(folder.resolve(which + ".json"), Json.writeCompact(problems));
    Map<String, Double> peer =
        PythonPeer.run("OpenCV", program("hand_eye_opencv.py"), file.toString());
    peer.forEach((name, value) -> values.put(name.replace("opencv_", "opencv_" + which), value));
    if (!peer.isEmpty()) {
      values.put(
          which + "error_ratio_opencv",
          Math.max(errors.mm() / best(peer, "_mm"), errors.deg() / best(peer, "_deg")));
    }
  }

  private void againstKinhec(Path folder, Map<String, Double> values) throws IOException {
    Path file = folder.resolve("kinhec.json");
    Map<String, Double> peer =
        PythonPeer.run(
            "KinHEC",
            program("hand_eye_kinhec.py"),
            folder.resolve("kinhec").toString(),
            file.toString());
    if (peer.isEmpty()) {
      return;
    }
    Errors errors = new Errors();
    for (Object item : (List<?>) Objects.requireNonNull(Json.read(Files.readString(file)))) {
      Map<?, ?> sequence = (Map<?, ?>) item;
      List<?> arm = (List<?>) Objects.requireNonNull(sequence.get("arm"));
      List<?> camera = (List<?>) Objects.requireNonNull(sequence.get("camera"));
      List<PosePair> pairs =
          IntStream.range(0, arm.size())
              .mapToObj(i -> {
                // Its A X = Y B: X the camera's pose on the flange, B the camera before the target.
                Se3_F64 flange = pose(arm.get(i)).invert(new Se3_F64());
                return new PosePair(flange, pose(camera.get(i)).invert(new Se3_F64()));
              })
              .toList();
      errors.add(
          PosePairFit.of(pairs).mountFromCamera(),
          pose(Objects.requireNonNull(sequence.get("truth"))));
    }
    values.put("kinhec_median_mm", errors.medianMm());
    values.put("kinhec_median_deg", errors.medianDeg());
    values.putAll(peer);
    values.put(
        "kinhec_error_ratio",
        Math.max(errors.medianMm() / best(peer, "_mm"), errors.medianDeg() / best(peer, "_deg")));
  }

  private static double best(Map<String, Double> peer, String unit) {
    return peer.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(unit))
        .mapToDouble(Map.Entry::getValue)
        .min()
        .orElseThrow();
  }

  private static Map<String, Object> toJson(HandEyeProblem problem, Se3_F64 truth) {
    PinholeCamera camera = problem.camera();
    List<Double> points = new ArrayList<>();
    for (int corner = 0; corner < problem.board().corners(); corner++) {
      points.addAll(List.of(problem.board().x(corner), problem.board().y(corner), 0.0));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("matrix", List.of(camera.fx(), 0, camera.cx(), 0, camera.fy(), camera.cy(), 0, 0, 1));
    json.put(
        "distortion", List.of(camera.k1(), camera.k2(), camera.p1(), camera.p2(), camera.k3()));
    json.put("points", points);
    json.put("truth", rows(truth));
    json.put(
        "arm",
        problem.pairs(new double[problem.robot().jointCount()]).stream()
            .map(pair -> rows(pair.mountFromHolder()))
            .toList());
    json.put(
        "pixels",
        problem.captures().stream()
            .map(capture -> capture.view())
            .map(BoardView::pixels)
            .map(pixels -> Arrays.stream(pixels).boxed().toList())
            .toList());
    return json;
  }

  /** [3][4], row-major. */
  private static List<Double> rows(Se3_F64 pose) {
    List<Double> rows = new ArrayList<>();
    double[] origin = {pose.T.x, pose.T.y, pose.T.z};
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        rows.add(pose.R.get(row, column));
      }
      rows.add(origin[row]);
    }
    return rows;
  }

  private static Se3_F64 pose(Object rows) {
    double[] numbers =
        ((List<?>) rows).stream().mapToDouble(number -> ((Number) number).doubleValue()).toArray();
    Se3_F64 pose = new Se3_F64();
    for (int i = 0; i < 9; i++) {
      pose.R.set(i / 3, i % 3, numbers[i / 3 * 4 + i % 3]);
    }
    pose.T.setTo(numbers[3], numbers[7], numbers[11]);
    return pose;
  }

  private static String program(String name) throws IOException {
    try (InputStream program =
        Objects.requireNonNull(CalibrationBench.class.getResourceAsStream(name), name)) {
      return new String(program.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static double rootMeanSquare(List<Double> values) {
    return Math.sqrt(values.stream().mapToDouble(value -> value * value).average().orElseThrow());
  }

  /** How far cameras are from the truth. */
  private static final class Errors {
    private final List<Double> mm = new ArrayList<>();
    private final List<Double> deg = new ArrayList<>();

    void add(Se3_F64 found, Se3_F64 truth) {
      mm.add(1e3 * found.T.distance(truth.T));
      double trace = CommonOps_DDRM.trace(CommonOps_DDRM.multTransA(truth.R, found.R, null));
      deg.add(Math.toDegrees(Math.acos(Math.clamp((trace - 1) / 2, -1, 1))));
    }

    double mm() {
      return rootMeanSquare(mm);
    }

    double deg() {
      return rootMeanSquare(deg);
    }

    /** How many are beyond either bound. */
    double beyond(double mmMax, double degMax) {
      return IntStream.range(0, mm.size())
          .map(i -> mm.get(i) > mmMax || deg.get(i) > degMax ? 1 : 0)
          .sum();
    }

    double worstMm() {
      return mm.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    double worstDeg() {
      return deg.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    double medianMm() {
      return median(mm);
    }

    double medianDeg() {
      return median(deg);
    }

    private static double median(List<Double> values) {
      double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
  }
}
