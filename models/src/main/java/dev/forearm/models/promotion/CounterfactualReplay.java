package dev.forearm.models.promotion;

import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.promotion.ConsequenceModel.Episode;
import dev.forearm.models.promotion.EpisodeBootstrap.Interval;
import dev.forearm.models.promotion.LoggedSteps.Step;
import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.Finding.Check;
import dev.forearm.models.shelf.Finding.Verdict;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a {@link ConsequenceModel} says of a candidate: from every held-out logged step it foresees
 * the horizon after the candidate's chunk and that after the incumbent's. The two differ in nothing
 * but the chunk. Two thirds of the episodes are learned from, every third one is held out.
 */
final class CounterfactualReplay {
  private static final int MOST_STEPS = 30_000;
  private static final int LEAST_STRIDE = 4;
  private static final int LEAST_OF_A_KIND = 3;

  /** A lower success probability, a chunk, that counts: some 25 chunks make an episode. */
  private static final double LOSS = 0.01;

  private final long seed;
  private final BundlePolicy candidate;
  private final BundlePolicy incumbent;
  private final LoggedSteps form;

  CounterfactualReplay(Robot robot, long seed, BundlePolicy candidate, BundlePolicy incumbent) {
    this.seed = seed;
    this.candidate = candidate;
    this.incumbent = incumbent;
    form = new LoggedSteps(incumbent.spec(), incumbent.bundle().statistics(), robot);
  }

  Finding judge(List<RecordedPlans> logs) {
    List<Episode> learned = new ArrayList<>();
    List<Episode> heldOut = new ArrayList<>();
    split(logs, learned, heldOut);
    long wins = learned.stream().filter(Episode::success).count();
    long heldOutWins = heldOut.stream().filter(Episode::success).count();
    if (Math.min(
            Math.min(wins, learned.size() - wins),
            Math.min(heldOutWins, heldOut.size() - heldOutWins))
        < LEAST_OF_A_KIND) {
      return Finding.of(
          Check.CONSEQUENCES,
          Verdict.CANNOT_TELL,
          "found %s successes in %s episodes with commands to learn from and %s in %s held out, wanted %s of either outcome in both; record more, or label them"
              .formatted(wins, learned.size(), heldOutWins, heldOut.size(), LEAST_OF_A_KIND));
    }
    try (ConsequenceModel model = ConsequenceModel.learn(form, learned, seed)) {
      Calibration calibration = Calibration.of(model, form, heldOut, seed);
      if (!calibration.passed()) {
        return new Finding(
            Check.CONSEQUENCES,
            Verdict.CANNOT_TELL,
            "the model learned from the logs is not good enough: " + calibration.inWords(),
            calibration.numbers());
      }
      return predict(model, heldOut, calibration);
    }
  }

  /** Alternately, of episodes of the policy's task that have a step. */
  private void split(List<RecordedPlans> logs, List<Episode> learned, List<Episode> heldOut) {
    int seen = logs.stream().mapToInt(episode -> episode.observations().size()).sum();
    int stride = Math.max(LEAST_STRIDE, Math.ceilDiv(seen, MOST_STEPS));
    String task = incumbent.bundle().manifest().task();
    int count = 0;
    for (RecordedPlans log : logs) {
      List<Step> steps = log.task().equals(task) ? form.of(log, stride) : List.of();
      if (!steps.isEmpty()) {
        (count++ % 3 == 2 ? heldOut : learned).add(new Episode(steps, log.succeeded()));
      }
    }
  }

  private Finding predict(ConsequenceModel model, List<Episode> heldOut, Calibration calibration) {
    double[] change = new double[heldOut.size()];
    double[] steps = new double[heldOut.size()];
    for (int i = 0; i < change.length; i++) {
      List<Step> from = heldOut.get(i).steps();
      double[] before = success(model, incumbent, from);
      double[] after = success(model, candidate, from);
      change[i] = Arrays.stream(after).sum() - Arrays.stream(before).sum();
      steps[i] = from.size();
    }
    Interval difference = EpisodeBootstrap.ratio(change, steps, seed);
    Map<String, Double> numbers = new LinkedHashMap<>(calibration.numbers());
    numbers.put("predicted_difference", difference.value());
    numbers.put("predicted_difference_low", difference.low());
    numbers.put("predicted_difference_high", difference.high());
    Verdict verdict =
        difference.high() < -LOSS
            ? Verdict.REFUSED
            : difference.low() > -LOSS ? Verdict.PASSED : Verdict.CANNOT_TELL;
    String words =
        switch (verdict) {
          case REFUSED -> "a loss is predicted";
          case PASSED -> "no loss is predicted";
          case CANNOT_TELL, NOT_CHECKED -> "cannot tell";
        };
    return new Finding(
        Check.CONSEQUENCES,
        verdict,
        String.format(
            Locale.ROOT,
            "%s: after one chunk of the candidate's in the place of the incumbent's, success is more probable by %+.4f [%+.4f, %+.4f], a loss being below %+.2f; %s",
            words,
            difference.value(),
            difference.low(),
            difference.high(),
            -LOSS,
            calibration.inWords()),
        numbers);
  }

  private double[] success(ConsequenceModel model, BundlePolicy policy, List<Step> from) {
    double[][] chunks =
        LoggedObservations.chunks(policy, from.stream().map(Step::observation).toList());
    List<double[]> knots = Arrays.stream(chunks).map(form::knots).toList();
    return model.success(from, model.changes(from, knots));
  }
}
