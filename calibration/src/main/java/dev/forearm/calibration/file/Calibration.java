package dev.forearm.calibration.file;

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
import java.util.List;

/**
 * Where the sensors of one robot stand.
 *
 * @param robot name of the robot it was measured on
 * @param measured date of measurement, ISO 8601
 * @param transforms one per sensor, each frame placed once
 * @param sha256 of the file it was read from, lower-case hex
 */
public record Calibration(
    String robot, String measured, List<RigidTransform> transforms, String sha256) {
  public Calibration {
    transforms = List.copyOf(transforms);
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
    for (RigidTransform t : transforms) {
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
                robot, to, from, transforms.stream().map(t -> t.to() + "<-" + t.from()).toList()));
  }

  private static Calibration parse(Section root, String sha256) {
    List<RigidTransform> transforms = new ArrayList<>();
    for (Section entry : root.sections("transforms")) {
      String from = entry.text("from");
      if (transforms.stream().anyMatch(t -> t.from().equals(from))) {
        throw entry.fault("from", "frame '%s' is placed twice".formatted(from));
      }
      double[] origin = entry.numbers("origin_m", 3);
      double[] q = entry.numbers("rotation_wxyz", 4);
      transforms.add(
          new RigidTransform(
              entry.text("to"),
              from,
              origin[0],
              origin[1],
              origin[2],
              new UnitQuaternion(q[0], q[1], q[2], q[3])));
    }
    return new Calibration(root.text("robot"), root.text("measured"), transforms, sha256);
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
