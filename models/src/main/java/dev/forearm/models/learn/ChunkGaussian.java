package dev.forearm.models.learn;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.grad.HostRun;
import dev.forearm.models.grad.ParameterNames;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.train.Trainee;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * An actor as a Gaussian policy. What it decides is one number for each joint that strays: the mean
 * of the joint's actions over the chunk, which a displacement of the whole chunk moves by just
 * that. Numbers are in the standard deviations it strayed by when it played, so a new one's
 * logarithm begins at 0; it is bounded.
 *
 * <pre>
 *   actions [rows, step, joint] --weights--> mean [rows, joint that strays]
 *   deviation [joint that strays] --bounded--> log_deviation
 * </pre>
 */
final class ChunkGaussian {
  static final List<String> OUTPUTS = List.of("mean", "log_deviation");
  private static final String DEVIATION = "policy_log_deviation";

  /** The logarithm is learned so many times as fast as a weight: it is a larger number. */
  private static final double SPEED = 100;

  private final Straying straying;
  private final int[] joints; // that stray
  private final double[] lowest; // log deviation of each
  private final double[] highest;
  private final Trainee trainee;

  /**
   * @param player the bundle that strayed so
   */
  ChunkGaussian(Bundle player, Straying straying, PolicyGradientSettings settings) {
    this.straying = straying;
    List<Double> std = straying.jointStd();
    joints = IntStream.range(0, std.size()).filter(j -> std.get(j) > 0).toArray();
    lowest = bounds(settings.deviationMinRad());
    highest = bounds(settings.deviationMaxRad());
    Trainee actor = Trainee.of(player, Half.ACTOR);
    List<String> trained = new ArrayList<>(actor.trainable());
    trained.add(DEVIATION);
    trainee =
        Trainee.of(
            around(actor.graph(), player),
            ParameterNames.asTheyAre(),
            new TrainableSet.Matching(trained));
  }

  private double[] bounds(double rad) {
    return Arrays.stream(joints)
        .mapToDouble(j -> Math.log(rad / straying.jointStd().get(j)))
        .toArray();
  }

  private Graph around(Graph actor, Bundle player) {
    PolicySpec spec = player.manifest().spec();
    float[] std = player.statistics().action().std();
    int width = spec.joints().size();
    double[] weights = new double[std.length * joints.length];
    for (int i = 0; i < std.length; i++) {
      for (int k = 0; k < joints.length; k++) {
        if (i % width == joints[k]) {
          weights[i * joints.length + k] =
              std[i] / (spec.chunkSteps() * straying.jointStd().get(joints[k]));
        }
      }
    }
    Graph graph = actor.copy();
    String actions = graph.outputs().keySet().iterator().next();
    GraphBuilder o = new GraphBuilder(graph);
    String project =
        o.constant(
            HostTensor.ofValues(
                ElementType.FLOAT32, new long[] {std.length, joints.length}, weights));
    o.output("mean", o.op("MatMul", o.reshape(actions, -1, std.length), project));
    String free = o.initializer(DEVIATION, vector(new double[joints.length]));
    String log = o.scale(free, SPEED);
    String raised = o.op("Max", log, o.constant(vector(lowest)));
    o.output("log_deviation", o.op("Min", raised, o.constant(vector(highest))));
    return graph;
  }

  private static HostTensor vector(double[] values) {
    return HostTensor.ofValues(ElementType.FLOAT32, new long[] {values.length}, values);
  }

  Trainee trainee() {
    return trainee;
  }

  /** Joints that stray. */
  int width() {
    return joints.length;
  }

  /** A displacement in deviations, for each joint that strays. */
  double[] inDeviations(double[] strayed) {
    return Arrays.stream(joints)
        .mapToDouble(j -> strayed[j] / straying.jointStd().get(j))
        .toArray();
  }

  /**
   * What the policy would decide on rows.
   *
   * @param weights of the trainee
   * @return the outputs by name
   */
  Map<String, HostTensor> decide(Map<String, HostTensor> weights, Map<String, HostTensor> rows) {
    Graph graph = trainee.graph(weights);
    graph.outputs().keySet().retainAll(OUTPUTS);
    Map<String, HostTensor> feeds = new LinkedHashMap<>(rows);
    feeds.keySet().retainAll(graph.inputs().keySet());
    try (HostRun run = new HostRun(graph)) {
      return run.run(feeds);
    }
  }

  /** Mean divergence of what was decided from what is now, nats a chunk. */
  double divergence(Map<String, HostTensor> before, Map<String, HostTensor> now) {
    float[] was = means(before);
    float[] is = means(now);
    float[] logWas = Objects.requireNonNull(before.get("log_deviation")).floats();
    float[] logIs = Objects.requireNonNull(now.get("log_deviation")).floats();
    double sum = 0;
    for (int i = 0; i < was.length; i++) {
      int joint = i % joints.length;
      double widened = logIs[joint] - logWas[joint];
      double off = (is[i] - was[i]) / Math.exp(logIs[joint]);
      sum += widened + 0.5 * (Math.exp(-2 * widened) + off * off - 1);
    }
    return sum * joints.length / was.length;
  }

  static float[] means(Map<String, HostTensor> decided) {
    return Objects.requireNonNull(decided.get("mean")).floats();
  }

  /** How widely it strays with the weights of the trainee, from which they are taken out. */
  Straying learned(Map<String, HostTensor> weights) {
    float[] log = Objects.requireNonNull(weights.remove(DEVIATION)).floats();
    List<Double> std = new ArrayList<>(straying.jointStd());
    for (int k = 0; k < joints.length; k++) {
      double bounded = Math.clamp(SPEED * log[k], lowest[k], highest[k]);
      std.set(joints[k], std.get(joints[k]) * Math.exp(bounded));
    }
    return new Straying(std);
  }
}
