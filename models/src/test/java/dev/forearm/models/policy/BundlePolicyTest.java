package dev.forearm.models.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.models.Refusal;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.WorldModel;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BundlePolicyTest {
  @TempDir Path folder;
  private Path bundle = Path.of("");

  @BeforeEach
  void copyTheBundle() throws IOException {
    bundle = SmallBundle.copy(folder);
  }

  @Test
  void aPlanIsWhatTheExporterSaw() {
    try (BundlePolicy policy = BundlePolicy.load(bundle, SmallBundle.robot())) {
      Observation observation = new Observation(8);
      System.arraycopy(probe(policy, "observation"), 0, observation.values(), 0, 8);
      Plan plan = new Plan(policy.spec());
      policy.plan(observation, plan);
      assertArrayEquals(probe(policy, "imagined"), plan.imagined(), 1e-5f);
      float[] actions = probe(policy, "actions");
      for (int i = 0; i < actions.length; i++) {
        assertEquals(actions[i], plan.actions()[i], 1e-5, "action " + i);
      }
      assertTrue(plan.imagines());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"observation", "imagined", "action"})
  void statisticsOfAnotherBundleAreCaughtByTheProbe(String part) throws IOException {
    String stats = Files.readString(bundle.resolve("stats.json"));
    Matcher mean = Pattern.compile("\"" + part + "\": \\{\"mean\": \\[([^,]+),").matcher(stats);
    assertTrue(mean.find());
    String off = mean.group().replace(mean.group(1), "0.75");
    SmallBundle.edit(bundle, "stats.json", mean.group(), off);
    String message = Refusal.of(() -> BundlePolicy.load(bundle, SmallBundle.robot()));
    assertTrue(message.contains("on the bundle's probe: found"), message);
    assertTrue(message.contains("statistics do not belong together"), message);
  }

  @Test
  void theActorMeetsWhatTheWorldModelGaveAndNotARoundedCopy() {
    try (BundlePolicy policy = BundlePolicy.load(bundle, SmallBundle.robot());
        OnnxActor actor =
            new OnnxActor(policy.bundle(), OrtRuntime.shared(), new ProviderChoice.Cpu())) {
      Observation observation = new Observation(8);
      observation.values()[0] = 1e6f; // beside which a frame's change is lost in a float32
      Plan plan = new Plan(policy.spec());
      policy.plan(observation, plan);
      double[] rounded = new double[plan.actions().length];
      actor.act(observation.values(), plan.imagined(), rounded);
      assertFalse(Arrays.equals(rounded, plan.actions()));
      observation.values()[0] = 0;
      policy.plan(observation, plan);
      actor.act(observation.values(), plan.imagined(), rounded);
      assertArrayEquals(plan.actions(), rounded, 1e-5);
    }
  }

  @Test
  void aZippedBundleRunsToo() throws IOException {
    Path zip = folder.resolve("small.zip");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file);
        var files = Files.list(bundle)) {
      for (Path each : files.filter(f -> !f.equals(zip)).toList()) {
        out.putNextEntry(new ZipEntry(String.valueOf(each.getFileName())));
        out.write(Files.readAllBytes(each));
      }
    }
    BundlePolicy.load(zip, SmallBundle.robot()).close();
  }

  @Test
  void eachHalfIsCalledByItselfAndReplacedByItself() {
    try (BundlePolicy policy = BundlePolicy.load(bundle, SmallBundle.robot())) {
      Observation observation = new Observation(8);
      Arrays.fill(observation.values(), 0.1f);
      Plan whole = new Plan(policy.spec());
      policy.plan(observation, whole);
      Plan halves = new Plan(policy.spec());
      policy.worldModel().imagine(observation, halves.imagined());
      policy.actor().act(observation.values(), halves.imagined(), halves.actions());
      assertArrayEquals(whole.imagined(), halves.imagined());
      // As a whole, the actor is handed the frames as they left the graph, not rounded to float32.
      assertArrayEquals(whole.actions(), halves.actions(), 1e-6);

      float[] elsewhere = whole.imagined().clone();
      for (int i = 0; i < elsewhere.length; i++) {
        elsewhere[i] += 0.05f;
      }
      BundlePolicy led = policy.imagining(imagining(policy.spec(), elsewhere));
      Plan after = new Plan(policy.spec());
      led.plan(observation, after);
      policy.actor().act(observation.values(), elsewhere, halves.actions());
      assertArrayEquals(elsewhere, after.imagined());
      assertEquals(new Driver.Learned(policy.bundle().sha256()), after.driver());
      assertArrayEquals(halves.actions(), after.actions());
      assertFalse(Arrays.equals(whole.actions(), after.actions()));
    }
  }

  private static WorldModel imagining(PolicySpec spec, float[] frames) {
    return new WorldModel() {
      @Override
      public PolicySpec spec() {
        return spec;
      }

      @Override
      public void imagine(Observation observation, float[] imagined) {
        System.arraycopy(frames, 0, imagined, 0, frames.length);
      }
    };
  }

  @Test
  void planningAllocatesNothing() {
    try (BundlePolicy policy = BundlePolicy.load(bundle, SmallBundle.robot())) {
      Observation observation = new Observation(8);
      Plan plan = new Plan(policy.spec());
      for (int i = 0; i < 20_000; i++) {
        policy.plan(observation, plan);
      }
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        policy.plan(observation, plan);
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(bytes < 10_000, "allocated " + bytes + " bytes in 10,000 plans");
    }
  }

  @Test
  void whatIsNotANumberStaysSoForTheSafetyLayerToSee() {
    try (BundlePolicy policy = BundlePolicy.load(bundle, SmallBundle.robot())) {
      Observation observation = new Observation(8);
      observation.values()[0] = Float.NaN;
      Plan plan = new Plan(policy.spec());
      policy.plan(observation, plan);
      assertTrue(Double.isNaN(plan.actions()[0]));
    }
  }

  @Test
  void equalObservationsGiveEqualBits() {
    try (BundlePolicy one = BundlePolicy.load(bundle, SmallBundle.robot());
        BundlePolicy two = BundlePolicy.load(bundle, SmallBundle.robot())) {
      Observation observation = new Observation(8);
      observation.values()[3] = 0.7f;
      Plan first = new Plan(one.spec());
      Plan second = new Plan(two.spec());
      one.plan(observation, first);
      two.plan(observation, second);
      for (int i = 0; i < first.actions().length; i++) {
        assertEquals(
            Double.doubleToRawLongBits(first.actions()[i]),
            Double.doubleToRawLongBits(second.actions()[i]));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "name: small; name: big; robot name: found small, wanted big",
        "policy: 20; policy: 25; policy period, ns: found 50000000, wanted 40000000",
        "control: 500; control: 250; control period, ns: found 2000000, wanted 4000000",
        "finger; thumb; joint order: found [shoulder, finger], wanted [shoulder, thumb]",
        "name: finger, unit: m; name: finger, unit: rad; unit of joint 'finger': found m, wanted rad",
        "max_m: [0.8, 0.5, 0.8]; max_m: [1.2, 0.5, 0.8]; workspace: found",
        "position: [-2, 2]; position: [-1, 1]; range of joint 'shoulder': found -1.9..1.9",
        "objects: [cube]; objects: [ball]; the robot observes no 'cube', only [ball]",
      })
  void aRobotThatDiffersIsRefused(String line, String changed, String said) {
    Robot robot = SmallBundle.robot(line, changed);
    String message = Refusal.of(() -> BundlePolicy.load(bundle, robot));
    assertTrue(message.contains(said), message);
    assertTrue(message.contains("does not fit robot"), message);
  }

  @Test
  void allDifferencesAreListedAtOnce() {
    Robot robot =
        SmallBundle.robot(
            "rates_hz: {control: 500, policy: 20}", "rates_hz: {control: 1000, policy: 10}");
    String message = Refusal.of(() -> BundlePolicy.load(bundle, robot));
    assertTrue(message.contains("policy period"), message);
    assertTrue(message.contains("control period"), message);
  }

  @Test
  void aRobotOfAnotherModelOrCalibrationIsRefused() throws IOException {
    String hash = "ab".repeat(32);
    SmallBundle.edit(
        bundle,
        "bundle.yaml",
        "robot:\n  name: small",
        "robot:\n  name: small\n  model_sha256: " + hash + "\n  calibration_sha256: " + hash);
    RobotHashes same = new RobotHashes(Optional.of(hash), Optional.of(hash));
    load(same).close();
    RobotHashes other = new RobotHashes(Optional.of(hash), Optional.of("cd".repeat(32)));
    String message = Refusal.of(() -> load(other));
    assertTrue(message.contains("calibration: found SHA-256 " + hash), message);
    assertTrue(message.contains("the robot has " + "cd".repeat(32)), message);
    message = Refusal.of(() -> load(RobotHashes.none()));
    assertTrue(message.contains("the robot has none"), message);
  }

  @Test
  void aGraphOfAnotherShapeIsRefused() throws IOException {
    SmallBundle.edit(
        bundle,
        "bundle.yaml",
        "proprioception: [joint_position, tool_position]",
        "proprioception: [joint_position]");
    String message = Refusal.of(() -> BundlePolicy.load(bundle, SmallBundle.robot()));
    assertTrue(message.contains("actor.onnx: found inputs"), message);
    assertTrue(message.contains("proprioception: FLOAT32 [1, 2]"), message);
  }

  @Test
  void weightsOfAnotherCheckpointAreCaughtByTheProbe() throws IOException {
    byte[] content = Files.readAllBytes(bundle.resolve("weights.safetensors"));
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putFloat(content.length - 4, 3.5f);
    Files.write(bundle.resolve("weights.safetensors"), content);
    SmallBundle.hash(bundle);
    String message = Refusal.of(() -> BundlePolicy.load(bundle, SmallBundle.robot()));
    assertTrue(message.contains("on the bundle's probe: found"), message);
  }

  @Test
  void aGraphWantingAWeightThatIsNotThereIsRefused() throws IOException {
    SmallBundle.edit(
        bundle, "bundle.yaml", "made_by:", "parameters: {actor.0.bias: actor.9.bias}\nmade_by:");
    String message = Refusal.of(() -> BundlePolicy.load(bundle, SmallBundle.robot()));
    assertTrue(message.contains("wants weight 'actor.9.bias'"), message);
  }

  private BundlePolicy load(RobotHashes hashes) {
    return BundlePolicy.load(
        bundle, SmallBundle.robot(), hashes, Trust.anyone(), new ProviderChoice.Cpu());
  }

  private static float[] probe(BundlePolicy policy, String name) {
    return Objects.requireNonNull(
        policy.bundle().probe(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
  }
}
