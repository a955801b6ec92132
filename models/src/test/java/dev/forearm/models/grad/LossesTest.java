package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Losses against their formulas worked out by hand, their gradients against differences. */
final class LossesTest {
  private final Map<String, HostTensor> feeds = new LinkedHashMap<>();
  private final Graph graph = new Graph("losses", 20);

  private LossesTest matrix(String name, double... values) {
    long[] dims = {2, values.length / 2};
    HostTensor value = HostTensor.ofValues(ElementType.FLOAT32, dims, values);
    feeds.put(name, value);
    graph.inputs().put(name, value.tensorType());
    return this;
  }

  private double loss(TrainableGraph.LossFragment fragment, String... inputs) {
    TrainableGraph train = TrainableGraph.derive(graph, fragment, List.of(), List.of(inputs));
    GradientErrors errors = GradientCheck.run(train, feeds, 1, 3);
    assertEquals(0, errors.worst(), 0.01, errors.toString());
    try (HostRun run = new HostRun(train.graph())) {
      return Objects.requireNonNull(run.run(feeds).get("loss")).at(0);
    }
  }

  @Test
  void meanSquaredErrorIsTheMeanOfSquares() {
    matrix("p", 1, 2, 3, 4).matrix("t", 0, 2, 5, 4);
    assertEquals((1 + 0 + 4 + 0) / 4.0, loss(o -> Losses.meanSquaredError(o, "p", "t"), "p"), 1e-6);
  }

  @Test
  void huberIsSquareInsideAndLinearOutside() {
    matrix("p", 0.5, 3).matrix("t", 0, 0);
    assertEquals((0.125 + 2.5) / 2, loss(o -> Losses.huber(o, "p", "t", 1), "p"), 1e-6);
  }

  @Test
  void gaussianNllWeighsByVariance() {
    matrix("m", 1, 2).matrix("v", 0, Math.log(4)).matrix("t", 2, 5);
    double want = ((0 + 1) + (Math.log(4) + 9 / 4.0)) / 2 / 2;
    assertEquals(want, loss(o -> Losses.gaussianNll(o, "m", "v", "t"), "m", "v"), 1e-6);
  }

  @Test
  void flowMatchingWantsTheStraightVelocity() {
    matrix("v", 1, 1).matrix("n", 0, 1).matrix("a", 2, 1);
    assertEquals((1 + 1) / 2.0, loss(o -> Losses.flowMatching(o, "v", "n", "a"), "v"), 1e-6);
  }

  @Test
  void crossEntropyIsTheLogProbabilityOfTheLabel() {
    matrix("l", 0, Math.log(3), Math.log(3), 0);
    HostTensor labels = HostTensor.ofLongs(new long[] {2}, 1, 1);
    feeds.put("y", labels);
    graph.inputs().put("y", labels.tensorType());
    double want = -(Math.log(0.75) + Math.log(0.25)) / 2;
    assertEquals(want, loss(o -> Losses.crossEntropy(o, "l", "y"), "l"), 1e-6);
  }

  @Test
  void klOfEqualGaussiansIsNothingAndToStandardIsKnown() {
    matrix("m", 1, 2).matrix("v", 0.3, -0.2);
    assertEquals(0, loss(o -> Losses.klGaussians(o, "m", "v", "m", "v")), 1e-6);
    double want = ((Math.exp(0.3) + 1 - 0.3 - 1) + (Math.exp(-0.2) + 4 + 0.2 - 1)) / 2 / 2;
    assertEquals(want, loss(o -> Losses.klToStandard(o, "m", "v"), "m", "v"), 1e-6);
  }

  @Test
  void clippedRatioStopsPayingBeyondTheClip() {
    matrix("l", Math.log(2), 0).matrix("o", 0, 0).matrix("a", 1, -1);
    double want = -(1.2 - 1) / 2;
    assertEquals(want, loss(o -> Losses.clippedPolicyRatio(o, "l", "o", "a", 0.2), "l"), 1e-6);
  }

  @Test
  void advantageWeightsAreLimitedAndCarryNoGradient() {
    matrix("l", -1, -2).matrix("a", 0, 9);
    double want = (1 + 2 * 5.0) / 2;
    assertEquals(want, loss(o -> Losses.advantageWeighted(o, "l", "a", 1, 5), "l"), 1e-5);
    Graph copy = graph.copy();
    GraphBuilder o = new GraphBuilder(copy);
    String loss = Losses.advantageWeighted(o, "l", "a", 1, 5);
    assertEquals(List.of("l"), List.copyOf(Gradients.append(o, loss, List.of("l", "a")).keySet()));
  }
}
