package dev.forearm.models.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.models.Refusal;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicyState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle whose actor remembers and draws: {@code h' = h / 2 + 1 + eps}, every action is h'. */
final class RecurrentPolicyTest {
  @TempDir Path folder;
  private Path bundle = Path.of("");
  private final Observation observation = new Observation(8);

  @BeforeEach
  void giveTheSmallBundleAMemory() throws IOException {
    bundle = SmallBundle.copy(folder);
    SmallBundle.edit(
        bundle,
        "bundle.yaml",
        "actor: {file: actor.onnx,",
        "actor: {state: [{name: h, shape: [1, 2]}], noise: [{name: eps, shape: [1, 2]}], file: actor.onnx,");
    SmallBundle.replace(bundle, "actor.onnx", actor());
  }

  private static Graph actor() {
    GraphBuilder graph = new GraphBuilder(new Graph("actor", 20));
    graph.input("proprioception", TensorType.of(ElementType.FLOAT32, 1, 5));
    graph.input("imagined", TensorType.of(ElementType.FLOAT32, 1, 2, 5));
    String h = graph.input("h_in", TensorType.of(ElementType.FLOAT32, 1, 2));
    String eps = graph.input("eps", TensorType.of(ElementType.FLOAT32, 1, 2));
    String next = graph.add(graph.shift(graph.scale(h, 0.5), 1), eps);
    String zeros = graph.constant(HostTensor.ofFloats(new long[] {1, 4, 2}, new float[8]));
    graph.output("h_out", next);
    graph.output("actions", graph.add(graph.unsqueeze(next, 1), zeros));
    return graph.graph();
  }

  private BundlePolicy load() {
    return BundlePolicy.load(bundle, SmallBundle.robot());
  }

  /** The normalised action of the first joint in each of some plans. */
  private double[] plans(BundlePolicy policy, int count) {
    Scaling scaling = policy.bundle().statistics().action();
    Plan plan = new Plan(policy.spec());
    double[] first = new double[count];
    for (int i = 0; i < count; i++) {
      policy.plan(observation, plan);
      first[i] = (plan.actions()[0] - scaling.mean()[0]) / scaling.std()[0];
    }
    return first;
  }

  @Test
  void whatAnActorRemembersGoesFromPlanToPlanUntilItIsReset() {
    try (BundlePolicy policy = load()) {
      PolicyState silent =
          new PolicyState(GraphRun.SILENT, 0, Map.of("actor.h", new float[] {0, 0}));
      policy.thaw(silent);
      assertArrayEquals(new double[] {1, 1.5, 1.75, 1.875}, plans(policy, 4), 1e-5);
      assertArrayEquals(new float[] {1.875f, 1.875f}, policy.freeze().memory().get("actor.h"));
      assertEquals(4, policy.freeze().plans());
      policy.reset();
      assertArrayEquals(new float[2], policy.freeze().memory().get("actor.h"));
      assertEquals(0, policy.freeze().plans());
    }
  }

  @Test
  void aPolicyGoesOnBitForBitFromWhereItWasFrozenInAnotherProcessToo() {
    try (BundlePolicy policy = load();
        BundlePolicy another = load()) {
      plans(policy, 3);
      PolicyState frozen = policy.freeze();
      double[] onwards = plans(policy, 5);
      policy.thaw(frozen);
      assertArrayEquals(onwards, plans(policy, 5));
      plans(another, 1);
      another.thaw(frozen);
      assertArrayEquals(onwards, plans(another, 5));
    }
  }

  @Test
  void everyEpisodeDrawsOtherNumbersThatItsSeedBringsBack() {
    try (BundlePolicy policy = load();
        BundlePolicy another = load()) {
      double[] first = plans(policy, 20);
      assertArrayEquals(first, plans(another, 20), "equal runs are equal");
      policy.reset();
      PolicyState begin = policy.freeze();
      double[] second = plans(policy, 20);
      assertFalse(Arrays.equals(first, second));
      another.thaw(begin);
      assertArrayEquals(second, plans(another, 20));
      policy.reset();
      assertNotEquals(begin.seed(), policy.freeze().seed());
      double mean = Arrays.stream(plans(policy, 2000)).average().orElseThrow();
      assertEquals(2, mean, 0.2, "noise about its own mean of 0");
    }
  }

  @Test
  void whatIsNotItsOwnMemoryIsNotThawed() {
    try (BundlePolicy policy = load()) {
      assertThrows(IllegalArgumentException.class, () -> policy.thaw(PolicyState.NONE));
      PolicyState wide = new PolicyState(1, 0, Map.of("actor.h", new float[3]));
      assertThrows(IllegalArgumentException.class, () -> policy.thaw(wide));
      PolicyState other =
          new PolicyState(1, 0, Map.of("actor.h", new float[2], "actor.c", new float[2]));
      assertThrows(IllegalArgumentException.class, () -> policy.thaw(other));
    }
  }

  @Test
  void planningWithAMemoryAllocatesNothing() {
    try (BundlePolicy policy = load()) {
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
  void aMemoryThatTheManifestDoesNotNameIsRefused() throws IOException {
    SmallBundle.edit(bundle, "bundle.yaml", "name: h, shape: [1, 2]", "name: h, shape: [1, 3]");
    String message = Objects.requireNonNull(Refusal.of(this::load));
    assertTrue(message.contains("h_in: FLOAT32 [1, 3]"), message);
    SmallBundle.edit(bundle, "bundle.yaml", "state: [{name: h, shape: [1, 3]}], ", "");
    assertTrue(Refusal.of(this::load).contains("found inputs"));
  }
}
