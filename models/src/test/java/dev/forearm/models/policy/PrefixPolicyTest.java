package dev.forearm.models.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.models.samples.SampleRows;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.inference.Execution;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bundle whose actor echoes what it is told of committed actions: its first two actions are
 * those, normalised as they came, the third is the mask, and the fourth half a deviation up.
 */
final class PrefixPolicyTest {
  private static final long STEP = 50_000_000;

  @TempDir Path folder;
  private Path bundle = Path.of("");

  @BeforeEach
  void tellTheSmallBundle() throws IOException {
    bundle = SmallBundle.copy(folder);
    SmallBundle.edit(
        bundle, "bundle.yaml", "actor: {file: actor.onnx,", "actor: {prefix: 2, file: actor.onnx,");
    SmallBundle.replace(bundle, "actor.onnx", actor());
  }

  private static Graph actor() {
    GraphBuilder graph = new GraphBuilder(new Graph("actor", 20));
    graph.input("proprioception", TensorType.of(ElementType.FLOAT32, 1, 5));
    graph.input("imagined", TensorType.of(ElementType.FLOAT32, 1, 2, 5));
    String prefix = graph.input("prefix", TensorType.of(ElementType.FLOAT32, 1, 2, 2));
    String mask = graph.input("prefix_mask", TensorType.of(ElementType.FLOAT32, 1, 2));
    String up = graph.constant(HostTensor.ofFloats(new long[] {1, 1, 2}, new float[] {.5f, .5f}));
    graph.output("actions", graph.concat(1, prefix, graph.unsqueeze(mask, 1), up));
    return graph.graph();
  }

  private BundlePolicy load() {
    return BundlePolicy.load(bundle, SmallBundle.robot());
  }

  @Test
  void committedActionsArriveNormalisedAsItsOwnFirstOnesAre() {
    try (BundlePolicy policy = load()) {
      assertEquals(2, policy.prefixSteps());
      Observation observation = new Observation(8);
      observation.values()[0] = 0.3f;
      double[] committed = {0.5, 0.01, 0.6, 0.02};
      policy.commit(committed, 2);
      assertArrayEquals(committed, Arrays.copyOf(plan(policy, observation), 4), 1e-6);
      policy.commit(committed, 1);
      double[] one = plan(policy, observation);
      assertArrayEquals(new double[] {0.5, 0.01}, Arrays.copyOf(one, 2), 1e-6);
      Scaling scaling = policy.bundle().statistics().action();
      assertEquals(scaling.physical(observation.values(), 2, 0), one[2], 1e-6, "an empty row");
      assertEquals(scaling.physical(observation.values(), 4, 1), one[4], 1e-6, "mask 1");
      assertEquals(scaling.physical(observation.values(), 5, 0), one[5], 1e-6, "mask 0");
    }
  }

  @Test
  void theLoopCommitsWhatIsExecutedBeforeTheNextChunkCanBe() {
    Robot robot = SmallBundle.robot("position: [0, 0.04]", "position: [-2, 2]");
    RobotSignals signals = new RobotSignals(robot);
    try (BundlePolicy policy = load()) {
      InstalledPolicy installed =
          new InstalledPolicy("prefixed", "", policy, policy.imaginedScale(), robot, signals);
      PolicyLoop loop = new PolicyLoop(installed, robot, RuntimeTap.NONE, new SimulatedClock());
      Told told = new Told();
      loop.heed(told);
      ActionChunk first = step(loop, signals, 10 * STEP);
      double[] before = first.actions().clone();

      told.delayNanos = STEP + 1; // into the second action
      ActionChunk second = step(loop, signals, 11 * STEP);
      assertArrayEquals(Arrays.copyOfRange(before, 2, 6), Arrays.copyOf(second.actions(), 4), 1e-6);

      told.delayNanos = STEP / 2; // a chunk that is made half a step later, of one action
      before = second.actions().clone();
      ActionChunk third = step(loop, signals, 12 * STEP + STEP / 2);
      double[] halfway = {0.5 * (before[2] + before[4]), 0.5 * (before[3] + before[5])};
      assertArrayEquals(halfway, Arrays.copyOf(third.actions(), 2), 1e-6);
      Scaling scaling = policy.bundle().statistics().action();
      float[] seen = {0.1f, 0.02f};
      assertEquals(scaling.physical(seen, 2, 0), third.actions()[2], 1e-6, "no second row");

      told.delayNanos = 0; // nothing is followed any more
      ActionChunk fourth = step(loop, signals, 13 * STEP);
      assertEquals(scaling.physical(seen, 0, 0), fourth.actions()[0], 1e-6, "no row at all");
    }
  }

  @Test
  void anActorLearnsFromEveryDelayInTurn() {
    try (BundlePolicy policy = load()) {
      Bundle read = policy.bundle();
      double[] chunk = {0.1, 0.01, 0.2, 0.02, 0.3, 0.03, 0.4, 0.04};
      PlanSample sample = new PlanSample(new float[8], new float[10], chunk);
      Map<String, HostTensor> rows =
          new SampleRows(read.manifest(), read.statistics())
              .of(Bundle.Half.ACTOR, List.of(sample, sample, sample));
      assertArrayEquals(new float[] {0, 0, 1, 0, 1, 1}, floats(rows, "prefix_mask"));
      float[] target = floats(rows, "target");
      float[] prefix = floats(rows, "prefix");
      assertArrayEquals(new float[4], Arrays.copyOf(prefix, 4));
      assertArrayEquals(new float[] {target[0], target[1], 0, 0}, Arrays.copyOfRange(prefix, 4, 8));
      assertArrayEquals(Arrays.copyOf(target, 4), Arrays.copyOfRange(prefix, 8, 12));
    }
  }

  @Test
  void aPrefixThatIsNotTheGraphsIsRefusedWithBoth() throws IOException {
    SmallBundle.edit(bundle, "bundle.yaml", "prefix: 2", "prefix: 3");
    String message = Refusal.of(this::load);
    assertTrue(message.contains("prefix: FLOAT32 [1, 3, 2]"), message);
    assertTrue(message.contains("prefix_mask: FLOAT32 [1, 3]"), message);
    SmallBundle.edit(bundle, "bundle.yaml", "prefix: 3, ", "");
    assertTrue(Refusal.of(this::load).contains("found inputs"));
    SmallBundle.edit(bundle, "bundle.yaml", "actor: {file", "actor: {prefix: 5, file");
    assertTrue(Refusal.of(this::load).contains("wanted at most the 4 steps of a chunk"));
    SmallBundle.edit(bundle, "bundle.yaml", "actor: {prefix: 5, file", "actor: {prefix: -1, file");
    assertTrue(Refusal.of(this::load).contains("found -1"));
    SmallBundle.edit(bundle, "bundle.yaml", "actor: {prefix: -1, file", "actor: {file");
    SmallBundle.edit(bundle, "bundle.yaml", "world_model: {file", "world_model: {prefix: 2, file");
    assertTrue(Refusal.of(this::load).contains("it is the actor that may be told"));
  }

  private static double[] plan(BundlePolicy policy, Observation observation) {
    Plan plan = new Plan(policy.spec());
    policy.plan(observation, plan);
    return plan.actions();
  }

  /** One policy step of an arm that stands still; its chunk. */
  private static ActionChunk step(PolicyLoop loop, RobotSignals signals, long now) {
    signals.jointState().write(new double[] {0.1, 0.02, 0, 0}, 0, now, now);
    signals.object("cube").write(new double[] {0.4, 0, 0.1, 1, 0, 0, 0}, 0, now, now);
    loop.step(now);
    ActionChunk chunk = Objects.requireNonNull(loop.chunks().poll());
    assertEquals(4, chunk.steps(), () -> chunk.refusal() + " " + chunk.culprit());
    return chunk;
  }

  private static float[] floats(Map<String, HostTensor> rows, String name) {
    HostTensor tensor = Objects.requireNonNull(rows.get(name));
    float[] values = new float[tensor.data().capacity() / Float.BYTES];
    tensor.data().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static final class Told implements Execution {
    long delayNanos;

    @Override
    public @Nullable Driver driver() {
      return null;
    }

    @Override
    public long delayNanos() {
      return delayNanos;
    }
  }
}
