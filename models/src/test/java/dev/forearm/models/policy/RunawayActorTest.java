package dev.forearm.models.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.signal.RobotSignals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunawayActorTest {
  private static final long NOW = 1_000_000;

  @TempDir Path folder;

  /** An actor that moves both joints by so much, rad and m, whatever it sees. */
  private static Graph actorThatMoves(Scaling scaling, double shoulder, double finger) {
    float[] actions = new float[8];
    for (int i = 0; i < actions.length; i++) {
      double action = i % 2 == 0 ? shoulder : finger;
      actions[i] = (float) ((action - scaling.mean()[i]) / scaling.std()[i]);
    }
    GraphBuilder graph = new GraphBuilder(new Graph("actor", 20));
    graph.input("proprioception", TensorType.of(ElementType.FLOAT32, 1, 5));
    graph.input("imagined", TensorType.of(ElementType.FLOAT32, 1, 2, 5));
    graph.output("actions", graph.constant(HostTensor.ofFloats(new long[] {1, 4, 2}, actions)));
    return graph.graph();
  }

  /** What becomes of it, from joints at rest at 0. */
  private ActionChunk chunk(double shoulder, double finger) throws IOException {
    Path bundle = SmallBundle.copy(folder);
    Graph actor;
    try (Bundle before = BundleReader.read(bundle, Trust.anyone())) {
      actor = actorThatMoves(before.statistics().action(), shoulder, finger);
    }
    SmallBundle.replace(bundle, "actor.onnx", actor);
    Robot robot = SmallBundle.robot();
    try (BundlePolicy policy = BundlePolicy.load(bundle, robot)) {
      RobotSignals signals = new RobotSignals(robot);
      signals.jointState().write(new double[4], 0, NOW, NOW);
      signals.object("cube").write(new double[] {0.5, 0, 0, 1, 0, 0, 0}, 0, NOW, NOW);
      float[] scale = new float[policy.spec().frameWidth()];
      Arrays.fill(scale, 1);
      InstalledPolicy runaway = new InstalledPolicy("runaway", "", policy, scale, robot, signals);
      PolicyLoop loop = new PolicyLoop(runaway, robot, RuntimeTap.NONE, new SimulatedClock());
      loop.step(NOW);
      return Objects.requireNonNull(loop.chunks().poll());
    }
  }

  @Test
  void anActionFarOutsideTheLimitsRefusesTheChunk() throws IOException {
    ActionChunk chunk = chunk(1e6, 0);
    assertTrue(chunk.refused());
    assertEquals(SafetyReason.ACTION_OUT_OF_RANGE, chunk.refusal());
    assertEquals("shoulder", chunk.culprit());
  }

  @Test
  void anActionALittleOutsideItsRangeIsBroughtBackIntoIt() throws IOException {
    ActionChunk chunk = chunk(1.95, 0.041);
    assertFalse(chunk.refused());
    for (int i = 0; i < chunk.actions().length; i++) {
      assertEquals(i % 2 == 0 ? 1.9 : 0.04, chunk.actions()[i]);
    }
  }
}
