package dev.forearm.models.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.safetensors.SafetensorsFile;
import dev.forearm.models.safetensors.SafetensorsWriter;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The small bundle, of which a copy speaks in degrees of the shoulder and in 0 to 100 of the
 * finger: statistics, probe and ranges are rewritten here, the graphs are the same.
 */
final class PolicyUnitsTest {
  private static final double DEGREE = Math.PI / 180;
  private static final double PERCENT = 0.04 / 100; // m
  private static final String MAP = "unit_map: {to: m, value: [0, 100], position: [0, 0.04]}";
  private static final String FINGER =
      "position: [0, 0.04], velocity_max: 0.2, acceleration_max: 4";
  private static final String SHOULDER = "position: [-2, 2], velocity_max: 2, acceleration_max: 10";

  @TempDir private Path folder;
  private Path physical = Path.of("");
  private Path said = Path.of("");

  @BeforeEach
  void rewriteACopy() throws IOException {
    physical = SmallBundle.copy(Files.createDirectory(folder.resolve("physical")));
    said = SmallBundle.copy(Files.createDirectory(folder.resolve("said")));
    String manifest = Files.readString(said.resolve("bundle.yaml"));
    Files.writeString(said.resolve("bundle.yaml"), joints(manifest));
    try (Bundle bundle = BundleReader.read(physical, Trust.anyone())) {
      List<double[]> places = places(bundle.manifest());
      rewriteStatistics(bundle, places);
      rewriteProbe(bundle, places);
    }
    SmallBundle.hash(said);
  }

  @Test
  void aPolicyThatSpeaksInDegreesPlansTheSame() {
    Robot robot = robot(SHOULDER + degrees(-180, 180), FINGER + percent(0.04));
    try (BundlePolicy one = BundlePolicy.load(physical, SmallBundle.robot());
        BundlePolicy other = BundlePolicy.load(said, robot)) {
      SplittableRandom random = new SplittableRandom(5);
      Observation observation = new Observation(one.spec());
      Plan plan = new Plan(one.spec());
      Plan same = new Plan(other.spec());
      float[] mean = one.bundle().statistics().observation().mean();
      float[] std = one.bundle().statistics().observation().std();
      for (int i = 0; i < 100; i++) {
        for (int at = 0; at < mean.length; at++) {
          observation.values()[at] = mean[at] + std[at] * (float) random.nextGaussian();
        }
        one.plan(observation, plan);
        other.plan(observation, same);
        for (int k = 0; k < plan.actions().length; k++) {
          assertEquals(plan.actions()[k], same.actions()[k], 1e-5);
        }
        for (int k = 0; k < plan.imagined().length; k++) {
          assertEquals(plan.imagined()[k], same.imagined()[k], 1e-5);
        }
        one.confine(plan.actions());
        other.confine(same.actions());
        for (int k = 0; k < plan.actions().length; k++) {
          assertEquals(plan.actions()[k], same.actions()[k], 1e-5, "its ranges are the same too");
        }
      }
    }
  }

  @Test
  void aNewProbeIsInTheBundlesOwnUnits() throws IOException {
    float[] before = probe("actions");
    BundleWriter.writeProbe(said);
    float[] after = probe("actions");
    assertEquals(before.length, after.length);
    boolean large = false;
    for (int i = 0; i < before.length; i++) {
      assertEquals(before[i], after[i], 0.05 + 1e-3 * Math.abs(before[i]));
      large |= Math.abs(after[i]) > 4;
    }
    assertTrue(large, "these are degrees and per cent");
  }

  @Test
  void aRobotThatDeclaresNoSuchUnitRefusesTheBundle() {
    String why = Refusal.of(() -> BundlePolicy.load(said, SmallBundle.robot()).close());
    assertTrue(why.contains("unit of joint 'shoulder': found UnitMap[unit=deg"), why);
    assertTrue(why.contains("unit of joint 'finger': found UnitMap[unit=percent"), why);
    assertTrue(why.contains("none other or rad"), why);
  }

  @Test
  void aRobotOnWhichPerCentMeanSomethingElseRefusesTheBundle() {
    Robot robot = robot(SHOULDER + degrees(-180, 180), FINGER + percent(0.05));
    String why = Refusal.of(() -> BundlePolicy.load(said, robot).close());
    assertTrue(why.contains("unit of joint 'finger'"), why);
    assertFalse(why.contains("unit of joint 'shoulder'"), why);
  }

  @Test
  void degreesAreTheSameByWhicheverPointsTheyAreTold() {
    Robot robot = robot(SHOULDER + degrees(-90, 90), FINGER + percent(0.04));
    try (BundlePolicy loaded = BundlePolicy.load(said, robot)) {
      assertFalse(loaded.spec().joints().isEmpty());
    }
  }

  private static Robot robot(String shoulder, String finger) {
    return SmallBundle.robot(Map.of(SHOULDER, shoulder, FINGER, finger));
  }

  private static String degrees(int from, int to) {
    return ", unit_map: {unit: deg, value: [%s, %s], position: [%s, %s]}"
        .formatted(from, to, from * DEGREE, to * DEGREE);
  }

  private static String percent(double open) {
    return ", unit_map: {unit: percent, value: [0, 100], position: [0, %s]}".formatted(open);
  }

  /** The manifest with its joints in other units. */
  private static String joints(String manifest) {
    StringBuilder text = new StringBuilder();
    double slope = 1;
    for (String line : manifest.lines().toList()) {
      if (line.contains("name: shoulder")) {
        slope = DEGREE;
      } else if (line.contains("name: finger")) {
        slope = PERCENT;
      }
      if (line.strip().equals("unit: rad") && slope == DEGREE) {
        line = line.replace("rad", "deg");
      } else if (line.strip().equals("unit: m") && slope == PERCENT) {
        line = line.replace("unit: m", "unit: percent\n    " + MAP);
      } else if (line.strip().startsWith("range:")) {
        String[] ends = line.replaceAll(".*\\[|\\].*", "").split(",", -1);
        line =
            "    range: [%s, %s]"
                .formatted(
                    Double.parseDouble(ends[0]) / slope, Double.parseDouble(ends[1]) / slope);
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }

  /** What each value of observation, frame and step is to be divided by. */
  private static List<double[]> places(Manifest manifest) {
    double[] observation = new double[manifest.spec().observationWidth()];
    java.util.Arrays.fill(observation, 1);
    for (dev.forearm.runtime.policy.Source source :
        List.of(
            new dev.forearm.runtime.policy.Source.JointPosition(),
            new dev.forearm.runtime.policy.Source.JointVelocity())) {
      int[] at = manifest.spec().placesOfSource(source);
      for (int i = 0; i < at.length; i++) {
        observation[at[i]] = i == 0 ? DEGREE : PERCENT;
      }
    }
    int[] frame = manifest.spec().placesOf(manifest.spec().imagined());
    return List.of(
        observation,
        java.util.Arrays.stream(frame).mapToDouble(place -> observation[place]).toArray(),
        new double[] {DEGREE, PERCENT});
  }

  private void rewriteStatistics(Bundle bundle, List<double[]> places) throws IOException {
    Map<String, Object> file = new LinkedHashMap<>();
    List<String> names = List.of("observation", "imagined", "action");
    Statistics all = bundle.statistics();
    List<Scaling> scalings = List.of(all.observation(), all.imagined(), all.action());
    for (int k = 0; k < names.size(); k++) {
      List<Double> mean = new ArrayList<>();
      List<Double> std = new ArrayList<>();
      for (int i = 0; i < scalings.get(k).width(); i++) {
        double slope = places.get(k)[i % places.get(k).length];
        mean.add(scalings.get(k).mean()[i] / slope);
        std.add(scalings.get(k).std()[i] / slope);
      }
      file.put(names.get(k), Map.of("mean", mean, "std", std));
    }
    Files.writeString(said.resolve("stats.json"), Json.write(file));
  }

  private void rewriteProbe(Bundle bundle, List<double[]> places) {
    Map<String, TensorView> probe = new LinkedHashMap<>();
    List<String> names = List.of("observation", "imagined", "actions");
    try (Arena arena = Arena.ofConfined()) {
      for (int k = 0; k < names.size(); k++) {
        TensorView old = bundle.probe(names.get(k));
        float[] values = old.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (values[i] / places.get(k)[i % places.get(k).length]);
        }
        MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
        probe.put(names.get(k), new TensorView(old.type(), old.shape(), data));
      }
      SafetensorsWriter.write(said.resolve("probe.safetensors"), probe, Map.of());
    }
  }

  private float[] probe(String tensor) throws IOException {
    byte[] bytes = Files.readAllBytes(said.resolve("probe.safetensors"));
    try (SafetensorsFile file = SafetensorsFile.of("probe", bytes)) {
      return Objects.requireNonNull(file.tensor(tensor))
          .data()
          .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
  }
}
