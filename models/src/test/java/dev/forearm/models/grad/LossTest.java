package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Losses by name: which outputs and data they take, and that the right numbers meet. */
final class LossTest {
  private static final int ROWS = 3;
  private static final int WIDTH = 2;

  private final Random random = new Random(9);
  private final Map<String, HostTensor> feeds = new LinkedHashMap<>();

  /** A graph that hands out its inputs times a weight of one, under given names. */
  private Graph outputs(String... names) {
    Graph graph = new Graph("outputs", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.initializer("one", HostTensor.ofFloats(new long[] {1}, 1));
    for (String name : names) {
      o.input("x_" + name, TensorType.of(ElementType.FLOAT32, ROWS, WIDTH));
      feed("x_" + name, ROWS, WIDTH);
      o.output(name, o.mul("x_" + name, "one"));
    }
    return graph;
  }

  private void feed(String name, long... dims) {
    int size = (int) Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    double[] values = random.doubles(size, -1, 1).toArray();
    feeds.put(name, HostTensor.ofValues(ElementType.FLOAT32, dims, values));
  }

  private double at(String name, int row, int column) {
    return Objects.requireNonNull(feeds.get(name)).at(row * WIDTH + column);
  }

  /**
   * The loss; checks on the way that the graph wants just these data and that the slope is right.
   */
  private double loss(Graph graph, Loss loss, String... data) {
    TrainableGraph train = TrainableGraph.derive(loss.prepare(graph), loss, List.of("one"));
    Set<String> inputs = new TreeSet<>(train.graph().inputs().keySet());
    inputs.removeIf(name -> name.startsWith("x_") || name.equals("one"));
    assertEquals(new TreeSet<>(List.of(data)), inputs);
    Map<String, HostTensor> all = new LinkedHashMap<>(feeds);
    all.putAll(train.parameters());
    all.keySet().retainAll(train.graph().inputs().keySet());
    GradientErrors errors = GradientCheck.run(train, all, 1, 3);
    assertEquals(0, errors.worst(), 0.02, errors.toString());
    try (HostRun run = new HostRun(train.graph())) {
      return Objects.requireNonNull(run.run(all).get("loss")).at(0);
    }
  }

  private interface Term {
    double of(int row, int column);
  }

  private static double mean(Term term) {
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < WIDTH; column++) {
        sum += term.of(row, column);
      }
    }
    return sum / (ROWS * WIDTH);
  }

  @Test
  void meanSquaredComparesTheFirstOutputWithTheTarget() {
    Graph graph = outputs("a", "b");
    feed("target", ROWS, WIDTH);
    double want = mean((r, c) -> Math.pow(at("x_a", r, c) - at("target", r, c), 2));
    assertEquals(want, loss(graph, new Loss.MeanSquared(), "target"), 1e-6);
  }

  @Test
  void huberTurnsAtDelta() {
    Graph graph = outputs("a");
    feed("target", ROWS, WIDTH);
    double delta = 0.3;
    double want =
        mean((r, c) -> {
          double off = Math.abs(at("x_a", r, c) - at("target", r, c));
          return off < delta ? off * off / 2 : delta * (off - delta / 2);
        });
    assertEquals(want, loss(graph, new Loss.Huber(delta), "target"), 1e-6);
  }

  @Test
  void anchoredItAlsoCostsToLeaveTheAnchor() {
    Graph graph = outputs("a");
    feed("target", ROWS, WIDTH);
    feed("anchor", ROWS, WIDTH);
    double huber =
        mean((r, c) -> {
          double off = Math.abs(at("x_a", r, c) - at("target", r, c));
          return off < 0.3 ? off * off / 2 : 0.3 * (off - 0.15);
        });
    double away = mean((r, c) -> Math.pow(at("x_a", r, c) - at("anchor", r, c), 2));
    double want = huber + 0.1 * WIDTH * away / 2;
    Loss loss = new Loss.AnchoredHuber(0.3, 0.1);
    assertEquals(want, loss(graph, loss, "target", "anchor"), 1e-6);
  }

  @Test
  void gaussianNllFindsItsOutputsByName() {
    Graph graph = outputs("log_variance", "mean");
    feed("target", ROWS, WIDTH);
    double want =
        mean((r, c) -> {
          double logVariance = at("x_log_variance", r, c);
          double off = at("target", r, c) - at("x_mean", r, c);
          return (logVariance + off * off * Math.exp(-logVariance)) / 2;
        });
    assertEquals(want, loss(graph, new Loss.GaussianNll(), "target"), 1e-6);
  }

  @Test
  void flowMatchingPutsThePointOnThePathBeforeTheGraph() {
    for (boolean fromTarget : new boolean[] {false, true}) {
      Graph graph = new Graph("flow", 20);
      GraphBuilder o = new GraphBuilder(graph);
      o.input("x_t", TensorType.of(ElementType.FLOAT32, ROWS, WIDTH));
      o.input("t", TensorType.of(ElementType.FLOAT32, ROWS));
      o.initializer("one", HostTensor.ofFloats(new long[] {1}, 1));
      String time = o.unsqueeze("t", 1);
      o.output("v", o.mul(o.add("x_t", time), "one"));
      feed("target", ROWS, WIDTH);
      feed("noise", ROWS, WIDTH);
      feed("t", ROWS);
      double sign = fromTarget ? -1 : 1;
      double want =
          mean((r, c) -> {
            double t = Objects.requireNonNull(feeds.get("t")).at(r);
            double way = at("target", r, c) - at("noise", r, c);
            double point = fromTarget ? at("target", r, c) - t * way : at("noise", r, c) + t * way;
            return Math.pow(point + t - sign * way, 2);
          });
      Loss loss = new Loss.FlowMatching("x_t", "t", fromTarget);
      assertEquals(want, loss(graph, loss, "noise", "t", "target"), 1e-6);
    }
  }

  @Test
  void flowMatchingNamesAnInputThatIsNotThere() {
    Loss loss = new Loss.FlowMatching("noisy", "time", false);
    String message = Refusal.of(() -> loss.prepare(outputs("a")));
    assertTrue(message.contains("input 'noisy' is not there"), message);
    assertTrue(message.contains("--point"), message);
  }

  @Test
  void crossEntropyTakesLabels() {
    Graph graph = outputs("logits");
    feeds.put("target", HostTensor.ofLongs(new long[] {ROWS}, 0, 1, 1));
    double sum = 0;
    for (int r = 0; r < ROWS; r++) {
      double total = Math.exp(at("x_logits", r, 0)) + Math.exp(at("x_logits", r, 1));
      sum -= at("x_logits", r, r == 0 ? 0 : 1) - Math.log(total);
    }
    assertEquals(sum / ROWS, loss(graph, new Loss.CrossEntropy(), "target"), 1e-6);
  }

  @Test
  void klTakesThePriorFromTheGraphOrFromTheData() {
    Term term =
        (r, c) -> {
          String mean = feeds.containsKey("prior_mean") ? "prior_mean" : "x_c";
          String logVariance =
              feeds.containsKey("prior_log_variance") ? "prior_log_variance" : "x_d";
          double ratio = at("x_b", r, c) - at(logVariance, r, c);
          double gap = Math.pow(at("x_a", r, c) - at(mean, r, c), 2);
          return (Math.exp(ratio) + gap * Math.exp(-at(logVariance, r, c)) - ratio - 1) / 2;
        };
    double fromGraph = loss(outputs("a", "b", "c", "d"), new Loss.KlGaussians());
    assertEquals(WIDTH * mean(term), fromGraph, 1e-6);
    Graph two = outputs("a", "b");
    feed("prior_mean", ROWS, WIDTH);
    feed("prior_log_variance", ROWS, WIDTH);
    double fromData = loss(two, new Loss.KlGaussians(), "prior_mean", "prior_log_variance");
    assertEquals(WIDTH * mean(term), fromData, 1e-6);
  }

  @Test
  void klToStandardNeedsNoData() {
    Graph graph = outputs("mean", "log_variance");
    double want =
        mean((r, c) -> {
          double logVariance = at("x_log_variance", r, c);
          return (Math.exp(logVariance) + Math.pow(at("x_mean", r, c), 2) - logVariance - 1) / 2;
        });
    assertEquals(WIDTH * want, loss(graph, new Loss.KlToStandard()), 1e-6);
  }

  private double logProbability(int row, String deviation) {
    double sum = 0;
    for (int c = 0; c < WIDTH; c++) {
      double log = deviation.isEmpty() ? 0 : at(deviation, row, c);
      double z = (at("action", row, c) - at("x_mean", row, c)) * Math.exp(-log);
      sum -= z * z / 2 + log + Math.log(2 * Math.PI) / 2;
    }
    return sum;
  }

  @Test
  void advantageWeightingTakesAGaussianWithOrWithoutADeviation() {
    for (String deviation : List.of("", "log_deviation")) {
      Graph graph = deviation.isEmpty() ? outputs("mean") : outputs("mean", deviation);
      feed("action", ROWS, WIDTH);
      feed("advantage", ROWS);
      double want = 0;
      for (int r = 0; r < ROWS; r++) {
        double advantage = Objects.requireNonNull(feeds.get("advantage")).at(r);
        double weight = Math.min(1.5, Math.exp(advantage / 0.5));
        want -= weight * logProbability(r, deviation.isEmpty() ? "" : "x_log_deviation") / ROWS;
      }
      Loss loss = new Loss.AdvantageWeighted(0.5, 1.5);
      assertEquals(want, loss(graph, loss, "action", "advantage"), 1e-5);
    }
  }

  @Test
  void theClippedRatioTakesALogProbabilityByName() {
    Graph graph = outputs("value", "log_probability");
    feed("advantage", ROWS);
    feed("old_log_probability", ROWS);
    double want = 0;
    for (int r = 0; r < ROWS; r++) {
      double now = at("x_log_probability", r, 0) + at("x_log_probability", r, 1);
      double ratio = Math.exp(now - Objects.requireNonNull(feeds.get("old_log_probability")).at(r));
      double advantage = Objects.requireNonNull(feeds.get("advantage")).at(r);
      double clipped = Math.clamp(ratio, 0.8, 1.2);
      want -= Math.min(ratio * advantage, clipped * advantage) / ROWS;
    }
    Loss loss = new Loss.ClippedPolicyRatio(0.2);
    assertEquals(want, loss(graph, loss, "advantage", "old_log_probability"), 1e-6);
  }

  @Test
  void dataGiveWayToAnInputOfTheirName() {
    Graph graph = outputs("a");
    graph.inputs().put("target", TensorType.of(ElementType.FLOAT32, 1));
    TrainableGraph train = TrainableGraph.derive(graph, new Loss.MeanSquared(), List.of("one"));
    assertTrue(train.graph().inputs().containsKey("target_1"), train.graph().inputs().toString());
  }

  @Test
  void aGraphWithoutTheOutputIsRefused() {
    String message =
        Refusal.of(
            () -> TrainableGraph.derive(outputs("a"), new Loss.GaussianNll(), List.of("one")));
    assertTrue(message.contains("wanted 'log_variance', by name or as output 2"), message);
  }
}
