package dev.forearm.calibration.file;

import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.frames.UnitQuaternion;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is known of the sensors of one robot: where they stand, what cameras make of what they see,
 * what joints read wrong, and how late signals are.
 *
 * @param robot name of the robot it was measured on
 * @param measured date of the last measurement, ISO 8601
 * @param placements one per frame
 * @param cameras by name, each once
 * @param joints by name, each once
 * @param latencies by signal, each once
 * @param sha256 of the file it was read from, lower-case hex
 */
public record Calibration(
    String robot,
    String measured,
    List<Placement> placements,
    List<CalibratedCamera> cameras,
    List<JointOffset> joints,
    List<SignalLatency> latencies,
    String sha256) {
  private static final int DISTORTION = 5;

  public Calibration {
    placements = List.copyOf(placements);
    cameras = List.copyOf(cameras);
    joints = List.copyOf(joints);
    latencies = List.copyOf(latencies);
  }

  /** Of a robot of which nothing is known yet. */
  public static Calibration empty(String robot, String measured) {
    return new Calibration(robot, measured, List.of(), List.of(), List.of(), List.of(), "");
  }

  /**
   * Reads a calibration file.
   *
   * @throws RuntimeFault if the file is missing, has an unknown key, places a frame twice or was
   *     measured on another robot than {@code robot}
   */
  public static Calibration read(Path file, String robot) {
    Calibration calibration = ConfigFile.read(file, root -> parse(root, sha256(file)));
    if (!calibration.robot.equals(robot)) {
      throw new RuntimeFault(
          "calibration %s: measured on robot '%s', this one is '%s'; name this robot's own file"
              .formatted(file, calibration.robot, robot));
    }
    return calibration;
  }

  /**
   * Where {@code from} stands in {@code to}, in either direction it was written down.
   *
   * @throws RuntimeFault if the file does not say
   */
  public RigidTransform transform(String to, String from) {
    for (Placement placement : placements) {
      RigidTransform t = placement.transform();
      if (t.to().equals(to) && t.from().equals(from)) {
        return t;
      }
      if (t.to().equals(from) && t.from().equals(to)) {
        return t.inverse();
      }
    }
    throw new RuntimeFault(
        "calibration of '%s': no transform between '%s' and '%s'; found %s"
            .formatted(
                robot,
                to,
                from,
                placements.stream()
                    .map(Placement::transform)
                    .map(t -> t.to() + "<-" + t.from())
                    .toList()));
  }

  /**
   * A camera's numbers.
   *
   * @throws RuntimeFault if the file does not say
   */
  public CalibratedCamera camera(String name) {
    return cameras.stream()
        .filter(camera -> camera.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new RuntimeFault(
                "calibration of '%s': no camera '%s'; found %s; run 'forearm calibrate intrinsics' for it"
                    .formatted(
                        robot, name, cameras.stream().map(CalibratedCamera::name).toList())));
  }

  /** With a frame placed anew. */
  public Calibration with(Placement placement, String date) {
    return new Calibration(
        robot,
        date,
        replaced(placements, placement, one -> one.transform().from()),
        cameras,
        joints,
        latencies,
        "");
  }

  /** With a camera's numbers anew. */
  public Calibration with(CalibratedCamera camera, String date) {
    return new Calibration(
        robot,
        date,
        placements,
        replaced(cameras, camera, CalibratedCamera::name),
        joints,
        latencies,
        "");
  }

  /** With a signal's latency anew. */
  public Calibration with(SignalLatency latency, String date) {
    return new Calibration(
        robot,
        date,
        placements,
        cameras,
        joints,
        replaced(latencies, latency, SignalLatency::signal),
        "");
  }

  /** With the offsets of all joints anew. */
  public Calibration withJoints(List<JointOffset> offsets, String date) {
    return new Calibration(robot, date, placements, cameras, offsets, latencies, "");
  }

  private static <T> List<T> replaced(List<T> all, T one, Function<T, String> name) {
    return Stream.concat(
            all.stream().filter(other -> !name.apply(other).equals(name.apply(one))),
            Stream.of(one))
        .toList();
  }

  /** As YAML, as {@link #read} reads it. */
  public String text() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("robot", robot);
    file.put("measured", measured);
    file.put("transforms", placements.stream().map(Calibration::write).toList());
    file.put("cameras", cameras.stream().map(Calibration::write).toList());
    file.put(
        "joints",
        joints.stream()
            .map(joint ->
                entry("name", joint.joint(), "offset", joint.offset(), "error", joint.error()))
            .toList());
    file.put(
        "latencies",
        latencies.stream()
            .map(late ->
                entry(
                    "signal", late.signal(),
                    "behind", late.behind(),
                    "ms", late.millis(),
                    "error_ms", late.errorMillis()))
            .toList());
    return ConfigFile.write(file);
  }

  private static Map<String, Object> write(Placement placement) {
    RigidTransform t = placement.transform();
    UnitQuaternion q = t.rotation();
    Map<String, Object> entry =
        entry(
            "to", t.to(),
            "from", t.from(),
            "origin_m", List.of(t.x(), t.y(), t.z()),
            "rotation_wxyz", List.of(q.w(), q.x(), q.y(), q.z()));
    placement
        .quality()
        .ifPresent(known ->
            entry.put(
                "quality",
                entry(
                    "error_mm", known.errorMm(),
                    "error_deg", known.errorDeg(),
                    "held_out_mm", known.heldOutMm(),
                    "held_out_deg", known.heldOutDeg(),
                    "held_out_px", known.heldOutPx())));
    return entry;
  }

  private static Map<String, Object> write(CalibratedCamera calibrated) {
    PinholeCamera c = calibrated.camera();
    return entry(
        "name", calibrated.name(),
        "size_px", List.of(c.width(), c.height()),
        "focal_px", List.of(c.fx(), c.fy()),
        "centre_px", List.of(c.cx(), c.cy()),
        "plumb_bob", List.of(c.k1(), c.k2(), c.p1(), c.p2(), c.k3()),
        "residual_px", calibrated.residualPx(),
        "held_out_px", calibrated.heldOutPx());
  }

  private static Map<String, Object> entry(Object... keysAndValues) {
    Map<String, Object> entry = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      entry.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return entry;
  }

  private static Calibration parse(Section root, String sha256) {
    return new Calibration(
        root.text("robot"),
        root.text("measured"),
        once(root.sections("transforms"), "from", "placed", Calibration::placement),
        once(root.optionalSections("cameras"), "name", "given", Calibration::camera),
        once(
            root.optionalSections("joints"),
            "name",
            "given",
            entry ->
                new JointOffset(entry.text("name"), entry.number("offset"), entry.number("error"))),
        once(
            root.optionalSections("latencies"),
            "signal",
            "given",
            entry ->
                new SignalLatency(
                    entry.text("signal"),
                    entry.text("behind"),
                    entry.number("ms"),
                    entry.number("error_ms"))),
        sha256);
  }

  private static <T> List<T> once(
      List<Section> entries, String key, String verb, Function<Section, T> reader) {
    List<String> names = new ArrayList<>();
    List<T> read = new ArrayList<>();
    for (Section entry : entries) {
      String name = entry.text(key);
      if (names.contains(name)) {
        throw entry.fault(key, "'%s' is %s twice".formatted(name, verb));
      }
      names.add(name);
      read.add(reader.apply(entry));
    }
    return read;
  }

  private static Placement placement(Section entry) {
    double[] origin = entry.numbers("origin_m", 3);
    double[] q = entry.numbers("rotation_wxyz", 4);
    return new Placement(
        new RigidTransform(
            entry.text("to"),
            entry.text("from"),
            origin[0],
            origin[1],
            origin[2],
            new UnitQuaternion(q[0], q[1], q[2], q[3])),
        entry
            .optionalSection("quality")
            .map(known ->
                new Placement.Quality(
                    known.number("error_mm"),
                    known.number("error_deg"),
                    known.number("held_out_mm"),
                    known.number("held_out_deg"),
                    known.number("held_out_px"))));
  }

  private static CalibratedCamera camera(Section entry) {
    double[] size = entry.numbers("size_px", 2);
    double[] focal = entry.numbers("focal_px", 2);
    double[] centre = entry.numbers("centre_px", 2);
    double[] d = entry.numbers("plumb_bob", DISTORTION);
    try {
      return new CalibratedCamera(
          entry.text("name"),
          new PinholeCamera(
              (int) size[0],
              (int) size[1],
              focal[0],
              focal[1],
              centre[0],
              centre[1],
              d[0],
              d[1],
              d[2],
              d[3],
              d[4]),
          entry.number("residual_px"),
          entry.number("held_out_px"));
    } catch (IllegalArgumentException e) {
      throw entry.fault("focal_px", String.valueOf(e.getMessage()));
    }
  }

  private static String sha256(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (IOException e) {
      throw new RuntimeFault("reading %s: %s".formatted(file, e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
