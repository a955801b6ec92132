package dev.forearm.sim.gap;

import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * How a robot differs from the one that demonstrations are made on.
 *
 * @param gain of each joint's servo: it goes to home + gain (command - home) + bias; command order
 * @param bias of each joint's servo, rad (finger m), command order
 * @param tool how the hand is mounted, from where it is believed to be
 * @param frictionScale factor on all sliding friction
 * @param cubeMassScale factor on the cubes' mass
 * @param armMassScale factor on the links' mass and inertia; gravity stays compensated for
 * @param latencyNanos between a command's arrival and its effect
 * @param sceneCamera how the scene camera is mounted, from where it is believed to be; the object
 *     poses it yields are off accordingly
 * @param start where episodes begin
 */
public record Gap(
    List<Double> gain,
    List<Double> bias,
    MountShift tool,
    double frictionScale,
    double cubeMassScale,
    double armMassScale,
    long latencyNanos,
    MountShift sceneCamera,
    StartDistribution start) {
  private static final int JOINTS = 8;
  private static final double LATENCY_MS_MAX = 200;

  public Gap {
    gain = List.copyOf(gain);
    bias = List.copyOf(bias);
  }

  /** No difference: {@code gaps/none.yaml}. */
  public static Gap none() {
    return named("none").orElseThrow();
  }

  /** The difference that the project's numbers are reported with: {@code gaps/default.yaml}. */
  public static Gap standard() {
    return named("default").orElseThrow();
  }

  /**
   * Reads a gap file.
   *
   * @throws dev.forearm.runtime.RuntimeFault naming file, line, key, found and wanted, if it is
   *     missing or invalid
   */
  public static Gap read(Path file) {
    return ConfigFile.read(file, Gap::of);
  }

  /** The same gap with other starts. */
  public Gap startingFrom(StartDistribution other) {
    return new Gap(
        gain,
        bias,
        tool,
        frictionScale,
        cubeMassScale,
        armMassScale,
        latencyNanos,
        sceneCamera,
        other);
  }

  /** A part of a gap that can be there alone. */
  public enum Part {
    SERVOS,
    TOOL,
    FRICTION,
    MASSES,
    LATENCY,
    CAMERA;

    /** As people call it, for example {@code servos}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Only one part of this gap, with the same starts. */
  public Gap only(Part part) {
    Gap none = none();
    boolean servos = part == Part.SERVOS;
    boolean masses = part == Part.MASSES;
    return new Gap(
        servos ? gain : none.gain,
        servos ? bias : none.bias,
        part == Part.TOOL ? tool : none.tool,
        part == Part.FRICTION ? frictionScale : none.frictionScale,
        masses ? cubeMassScale : none.cubeMassScale,
        masses ? armMassScale : none.armMassScale,
        part == Part.LATENCY ? latencyNanos : none.latencyNanos,
        part == Part.CAMERA ? sceneCamera : none.sceneCamera,
        start);
  }

  static Gap parse(String text, String name) {
    return ConfigFile.parse(text, name, Gap::of);
  }

  /** A gap that comes with the simulator: {@code gaps/NAME.yaml}; empty if there is none. */
  public static Optional<Gap> named(String name) {
    String resource = "/gaps/" + name + ".yaml";
    try (InputStream in = Gap.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      return Optional.of(parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource));
    } catch (IOException e) {
      throw new IllegalStateException("resource " + resource + " cannot be read", e);
    }
  }

  private static Gap of(Section root) {
    Section actuators = root.section("actuators");
    Section masses = root.section("mass_scale");
    double latencyMs = root.number("latency_ms");
    if (latencyMs < 0 || latencyMs > LATENCY_MS_MAX) {
      throw root.fault(
          "latency_ms", "found %s, wanted 0 to %s".formatted(latencyMs, LATENCY_MS_MAX));
    }
    return new Gap(
        list(actuators.numbers("gain", JOINTS)),
        list(actuators.numbers("bias", JOINTS)),
        toolMount(root.section("tool")),
        scale(root, "friction_scale"),
        scale(masses, "cubes"),
        scale(masses, "arm"),
        Math.round(latencyMs * 1e6),
        cameraMount(root.section("scene_camera")),
        start(root.section("start")));
  }

  private static MountShift toolMount(Section section) {
    double[] offset = section.numbers("offset_m", 3);
    double yaw = Math.toRadians(section.number("yaw_deg"));
    return new MountShift(offset[0], offset[1], offset[2], 0, 0, yaw);
  }

  private static MountShift cameraMount(Section section) {
    double[] offset = section.numbers("offset_m", 3);
    double[] turn = section.numbers("rpy_deg", 3);
    return new MountShift(
        offset[0],
        offset[1],
        offset[2],
        Math.toRadians(turn[0]),
        Math.toRadians(turn[1]),
        Math.toRadians(turn[2]));
  }

  private static StartDistribution start(Section section) {
    double[] x = section.numbers("x_m", 2);
    double[] y = section.numbers("y_m", 2);
    return new StartDistribution(
        x[0],
        x[1],
        y[0],
        y[1],
        Math.toRadians(section.number("yaw_deg")),
        section.number("separation_m"),
        section.number("arm_rad"),
        section.number("coverage"));
  }

  private static double scale(Section section, String key) {
    double scale = section.number(key);
    if (!(scale > 0)) {
      throw section.fault(key, "found %s, wanted a factor above 0".formatted(scale));
    }
    return scale;
  }

  private static List<Double> list(double[] values) {
    return DoubleStream.of(values).boxed().toList();
  }
}
