package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.grad.Losses;
import dev.forearm.models.grad.ParameterNames;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.OrtRuntime;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpotCheckTest {
  private static Trainer open(TrainingGraph graph, TrainingSettings settings) {
    return new Trainer(
        OrtRuntime.shared(), graph, Mixture.of(HandGraph.rows("e", 64, 2), 1), settings);
  }

  private static TrainingSettings seeded(long seed) {
    return TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, 16).withSeed(seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aRightGradientPassesAndChangesNothing(long seed) {
    try (Trainer checked = open(HandGraph.read(), seeded(seed));
        Trainer plain = open(HandGraph.read(), seeded(seed).withSpotCheck(false))) {
      assertTrue(checked.spotCheck().relativeError() < 0.01);
      assertEquals(-1, checked.weights().memory().mismatch(plain.weights().memory()));
      assertEquals(plain.examples().position(), checked.examples().position());
    }
  }

  @Test
  void aWrongGradientIsRefusedAndCanBeLetThrough() {
    // Tanh'(h) = 1 - h^2 becomes 1 + h^2: what a wrong rule or a wrong export would do.
    TrainingGraph wrong = HandGraph.with(replace(HandGraph.onnx(), "Sub", "Add", "slope"));
    ModelsFault fault = assertThrows(ModelsFault.class, () -> open(wrong, seeded(1)));
    assertTrue(String.valueOf(fault.getMessage()).contains("spot check"));
    try (Trainer trainer = open(wrong, seeded(1).withSpotCheck(false))) {
      trainer.step();
    }
  }

  @Test
  void decisionsThatTheGradientTakesForConstantDoNotFailIt() {
    // y = w + StopGradient(round(20 w) - w): w passes its gradient, the value moves in steps.
    Graph graph = new Graph("steps", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input("x", TensorType.of(ElementType.FLOAT32, 16, HandGraph.INPUT));
    o.initializer(
        "w", HostTensor.ofFloats(new long[] {HandGraph.INPUT}, 0.12f, 0.3f, -0.4f, 1, 0.7f, 2));
    String rounded = o.op("Round", o.scale("w", 20));
    String kept = o.add("w", Losses.stopGradient(o, o.sub(rounded, "w")));
    o.output("y", o.op("Tanh", o.mul("x", kept)));
    Trainee trainee = Trainee.of(graph, ParameterNames.asTheyAre(), new TrainableSet.All());
    Random random = new Random(2);
    double[] x = random.doubles(16 * HandGraph.INPUT, -0.01, 0.01).toArray();
    HostTensor rows = HostTensor.ofValues(ElementType.FLOAT32, new long[] {16, HandGraph.INPUT}, x);
    DataSource source = new DataSource("rows", Map.of("x", rows, "target", rows), 1);
    try (Trainer trainer =
        trainee.open(
            OrtRuntime.shared(), new Loss.MeanSquared(), List.of(), List.of(source), seeded(1))) {
      assertFalse(trainer.measureSlope().good());
      trainer.spotCheck();
    }
  }

  /** Replaces the operator of the node whose output is {@code output}; both have three letters. */
  private static byte[] replace(byte[] onnx, String from, String to, String output) {
    byte[] changed = onnx.clone();
    String text = new String(onnx, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(from, text.indexOf(output));
    byte[] name = to.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(MemorySegment.ofArray(name), 0, MemorySegment.ofArray(changed), at, 3);
    return changed;
  }
}
