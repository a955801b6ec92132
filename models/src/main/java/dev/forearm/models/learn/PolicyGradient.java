package dev.forearm.models.learn;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.learn.PolicyGradientSettings.Reward;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.models.samples.SampleRows;
import dev.forearm.models.train.CheckpointStore;
import dev.forearm.models.train.DataSource;
import dev.forearm.models.train.Pace;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingRun;
import dev.forearm.models.value.Perceptron;
import dev.forearm.models.value.Returns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Moves an actor by what its straying brought: advantages of a critic that is learned from the same
 * rollouts, the clipped ratio of probabilities, and an end once the policy has gone too far from
 * the one that played. Killed and started again it goes on from its newest checkpoint.
 */
final class PolicyGradient {
  private static final int CHECKS = 4; // of the divergence, a pass over the decisions

  private final PolicyGradientSettings settings;
  private final HalfSettings how;
  private final Pace pace;
  private final long seed;
  private final TrainingListener listener;

  PolicyGradient(
      PolicyGradientSettings settings,
      HalfSettings how,
      Pace pace,
      long seed,
      TrainingListener listener) {
    this.settings = settings;
    this.how = how;
    this.pace = pace;
    this.seed = seed;
    this.listener = listener;
  }

  /**
   * What came out.
   *
   * @param weights of the actor by checkpoint name
   * @param straying how widely the next one strays
   * @param ended after how many steps, and how far from the policy that played, for people
   */
  record Outcome(Map<String, HostTensor> weights, Straying straying, String ended) {}

  /** A decision and how much better it was than the critic expected, standardised. */
  private record Judged(Rollout.Decision decision, double advantage) {}

  /**
   * Trains.
   *
   * @param player the bundle that strayed so in these rollouts
   * @param work folder for what is unfinished
   * @throws ModelsFault if nothing strayed
   */
  Outcome train(Bundle player, Straying straying, List<Rollout> rollouts, Path work) {
    List<Judged> judged = judge(player, rollouts);
    ChunkGaussian policy = new ChunkGaussian(player, straying, settings);
    List<PlanSample> samples = judged.stream().map(each -> each.decision().sample()).toList();
    Map<String, HostTensor> rows =
        new LinkedHashMap<>(
            new SampleRows(player.manifest(), player.statistics()).of(Half.ACTOR, samples));
    Map<String, HostTensor> before = policy.decide(Map.of(), rows);
    addDecisions(rows, policy, before, judged);
    CheckpointStore store = new CheckpointStore(work, 1);
    try (Trainer trainer =
        policy
            .trainee()
            .open(
                OrtRuntime.shared(),
                new Loss.ClippedPolicyRatio(settings.clip()),
                ChunkGaussian.OUTPUTS,
                List.of(new DataSource("decisions", rows, 1)),
                how.training(seed))) {
      long part = Math.max(1, samples.size() / how.batch() / CHECKS);
      TrainingRun run = new TrainingRun(trainer, Optional.of(store), part, pace);
      var _ = run.resume();
      double divergence = divergence(policy, trainer, before, rows);
      while (trainer.stepsDone() < how.steps() && divergence < settings.klStop()) {
        var _ =
            run.run(
                Math.min(how.steps(), trainer.stepsDone() + part),
                step -> listener.stepped(Half.ACTOR, how.steps(), step));
        divergence = divergence(policy, trainer, before, rows);
      }
      Map<String, HostTensor> weights = weights(policy, trainer);
      String ended =
          String.format(Locale.ROOT, "%d steps, %.3f nats", trainer.stepsDone(), divergence);
      return new Outcome(weights, policy.learned(weights), ended);
    }
  }

  private static double divergence(
      ChunkGaussian policy,
      Trainer trainer,
      Map<String, HostTensor> before,
      Map<String, HostTensor> rows) {
    return policy.divergence(before, policy.decide(weights(policy, trainer), rows));
  }

  private static Map<String, HostTensor> weights(ChunkGaussian policy, Trainer trainer) {
    return policy.trainee().weights(trainer.average().orElseGet(trainer::weights));
  }

  /** What was decided, how probable that was, and what it brought. */
  private static void addDecisions(
      Map<String, HostTensor> rows,
      ChunkGaussian policy,
      Map<String, HostTensor> before,
      List<Judged> judged) {
    int count = judged.size();
    float[] actions = ChunkGaussian.means(before).clone();
    float[] probabilities = new float[count];
    float[] advantages = new float[count];
    for (int row = 0; row < count; row++) {
      double[] off = policy.inDeviations(judged.get(row).decision().strayed());
      double log = 0;
      for (int k = 0; k < off.length; k++) {
        actions[row * off.length + k] += (float) off[k];
        log -= 0.5 * (off[k] * off[k] + Math.log(2 * Math.PI));
      }
      probabilities[row] = (float) log;
      advantages[row] = (float) judged.get(row).advantage();
    }
    rows.put("action", HostTensor.ofFloats(new long[] {count, policy.width()}, actions));
    rows.put("old_log_probability", HostTensor.ofFloats(new long[] {count}, probabilities));
    rows.put("advantage", HostTensor.ofFloats(new long[] {count}, advantages));
  }

  private List<Judged> judge(Bundle player, List<Rollout> rollouts) {
    List<Rollout.Decision> all = new ArrayList<>();
    Set<Integer> ends = new HashSet<>();
    for (Rollout rollout : rollouts) {
      all.addAll(judgeable(rollout));
      ends.add(all.size() - 1);
    }
    if (all.isEmpty()) {
      throw new ModelsFault(
          "learn by policy gradient: found no step in %s episodes on which the policy strayed; record with --explore"
              .formatted(rollouts.size()));
    }
    Scaling frames = player.statistics().imagined();
    double[] rewards = all.stream().mapToDouble(each -> reward(each, frames)).toArray();
    double[] discounts =
        all.stream().mapToDouble(each -> Math.pow(settings.discount(), each.steps())).toArray();
    double after = after(rewards, discounts);
    ends.remove(-1); // of an episode in which it never strayed
    for (int end : ends) {
      rewards[end] += discounts[end] * after;
      discounts[end] = 0;
    }
    double[] values = values(player, all, Returns.discounted(rewards, discounts));
    double[] advantages =
        Returns.standardised(Returns.advantages(rewards, discounts, values, settings.trace()));
    return IntStream.range(0, advantages.length)
        .mapToObj(row -> new Judged(all.get(row), advantages[row]))
        .toList();
  }

  /** Where what followed pays, only decisions of which it is known. */
  private List<Rollout.Decision> judgeable(Rollout rollout) {
    return settings.reward() == Reward.STAGES
        ? rollout.decisions()
        : rollout.decisions().stream().takeWhile(each -> each.followed().isPresent()).toList();
  }

  private double reward(Rollout.Decision decision, Scaling frames) {
    return switch (settings.reward()) {
      case STAGES -> decision.stages();
      case RECONSTRUCTION -> -distance(decision, frames);
    };
  }

  private static double distance(Rollout.Decision decision, Scaling frames) {
    float[] imagined = decision.sample().frames();
    float[] followed = decision.followed().orElseThrow();
    double sum = 0;
    for (int i = 0; i < imagined.length; i++) {
      double off = (followed[i] - imagined[i]) / frames.std()[i];
      sum += off * off;
    }
    return Math.sqrt(sum / imagined.length);
  }

  /**
   * Worth of what comes after an episode: no stage does. What follows may be as imagined there as
   * on average, so that it pays neither to end an episode nor to keep it from ending.
   */
  private double after(double[] rewards, double[] discounts) {
    if (settings.reward() == Reward.STAGES) {
      return 0;
    }
    double discount = Arrays.stream(discounts).average().orElse(0);
    return Arrays.stream(rewards).average().orElse(0) / Math.max(1e-3, 1 - discount);
  }

  /** What a critic says that learned from these returns. */
  private double[] values(Bundle player, List<Rollout.Decision> decisions, double[] returns) {
    List<PlanSample> samples = decisions.stream().map(Rollout.Decision::sample).toList();
    HostTensor seen =
        Objects.requireNonNull(
            new SampleRows(player.manifest(), player.statistics())
                .of(Half.WORLD_MODEL, samples)
                .get("observation"));
    float[] targets = new float[returns.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) returns[i];
    }
    HostTensor wanted = HostTensor.ofFloats(new long[] {targets.length, 1}, targets);
    try (Perceptron critic =
        Perceptron.train(seen, wanted, 1, new Loss.MeanSquared(), settings.criticSteps(), seed)) {
      float[] said = critic.of(seen.floats());
      double[] values = new double[said.length];
      Arrays.setAll(values, i -> said[i]);
      return values;
    }
  }
}
