package dev.forearm.models.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.foresight.ForesightLimits;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleWriterTest {
  @TempDir private Path folder;
  private Path parent;
  private Path child;

  @BeforeEach
  void copy() throws IOException {
    parent = SmallBundle.copy(Files.createDirectory(folder.resolve("parent")));
    child = folder.resolve("child");
  }

  /** Every weight of the bundle, halved. */
  private static Map<String, HostTensor> halved(Bundle bundle) {
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    bundle
        .checkpoint()
        .forEach((name, value) -> {
          float[] values = value.floats();
          for (int i = 0; i < values.length; i++) {
            values[i] /= 2;
          }
          weights.put(name, HostTensor.ofFloats(value.dims(), values));
        });
    return weights;
  }

  @Test
  void theNewBundleRunsWithTheNewWeightsAndNamesItsParent() throws IOException {
    Map<String, HostTensor> weights;
    try (Bundle bundle = BundleReader.read(parent, Trust.anyone())) {
      weights = halved(bundle);
      BundleWriter.write(bundle, weights, child, Map.of("command", "it's a test", "steps", "3"));
    }
    try (Bundle before = BundleReader.read(parent, Trust.anyone());
        Bundle after = BundleReader.read(child, Trust.anyone())) {
      assertEquals(Optional.of(before.sha256()), after.manifest().parent());
      assertEquals("it's a test", after.manifest().madeBy().get("command"));
      assertEquals(before.manifest().spec(), after.manifest().spec());
      after
          .checkpoint()
          .forEach((name, value) ->
              assertArrayEquals(
                  Objects.requireNonNull(weights.get(name)).floats(), value.floats()));
      float[] old = before.probe("actions").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
      float[] now = after.probe("actions").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
      assertFalse(Arrays.equals(old, now));
    }
    // Proves the probe on the graphs that run.
    BundlePolicy.load(child, SmallBundle.robot()).close();
  }

  @Test
  void limitsOfForesightAreReadBackAndNotHandedOnToOtherWeights() throws IOException {
    Path retrained = folder.resolve("retrained");
    ForesightLimits limits;
    try (Bundle bundle = BundleReader.read(parent, Trust.anyone())) {
      assertEquals(Optional.empty(), bundle.foresight());
      Map<String, Double> each = new LinkedHashMap<>();
      bundle.manifest().spec().imagined().forEach(feature -> each.put(feature, 0.25));
      limits = new ForesightLimits(0.05, 40, each, each);
      BundleWriter.writeCalibrated(bundle, limits, child, Map.of());
      Path beside = folder.resolve("limits.yaml");
      ForesightFile.write(limits, bundle, beside);
      assertEquals(limits, ForesightFile.read(beside, bundle));
    }
    BundlePolicy.load(child, SmallBundle.robot()).close();
    try (Bundle calibrated = BundleReader.read(child, Trust.anyone())) {
      assertEquals(Optional.of(limits), calibrated.foresight());
      BundleWriter.write(calibrated, halved(calibrated), retrained, Map.of());
    }
    try (Bundle without = BundleReader.read(retrained, Trust.anyone())) {
      assertEquals(Optional.empty(), without.foresight());
      assertFalse(Files.exists(retrained.resolve("foresight.yaml")));
      Path of = child.resolve("foresight.yaml");
      RuntimeFault fault = assertThrows(RuntimeFault.class, () -> ForesightFile.read(of, without));
      assertTrue(String.valueOf(fault.getMessage()).contains("calibrate it again"));
    }
  }

  @Test
  void aBundleOfABundleHasOneParent() throws IOException {
    Path grandchild = folder.resolve("grandchild");
    try (Bundle bundle = BundleReader.read(parent, Trust.anyone())) {
      BundleWriter.write(bundle, halved(bundle), child, Map.of("steps", "1"));
    }
    try (Bundle bundle = BundleReader.read(child, Trust.anyone())) {
      BundleWriter.write(bundle, halved(bundle), grandchild, Map.of("steps", "2"));
      try (Bundle last = BundleReader.read(grandchild, Trust.anyone())) {
        assertEquals(Optional.of(bundle.sha256()), last.manifest().parent());
        assertEquals(Map.of("steps", "2"), last.manifest().madeBy());
      }
    }
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Files.createDirectory(child);
    try (Bundle bundle = BundleReader.read(parent, Trust.anyone())) {
      String message =
          Refusal.of(() -> BundleWriter.write(bundle, Map.of(), child, Map.of("steps", "1")));
      assertTrue(message.contains("something lies there already"), message);
    }
  }

  @Test
  void aWeightThatTheBundleDoesNotHaveIsRefused() {
    try (Bundle bundle = BundleReader.read(parent, Trust.anyone())) {
      Map<String, HostTensor> other = Map.of("other", HostTensor.ofFloats(new long[] {1}, 1));
      String message =
          Refusal.of(() -> BundleWriter.write(bundle, other, child, Map.of("steps", "1")));
      assertTrue(message.contains("'other' is float32[1], the bundle has none"), message);
      assertFalse(Files.exists(child));
    }
  }
}
