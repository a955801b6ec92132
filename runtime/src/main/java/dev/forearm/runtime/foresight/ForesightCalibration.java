package dev.forearm.runtime.foresight;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds limits for the two channels from episodes that went well, by split conformal prediction.
 *
 * <p>Every other episode tells how large a feature's channel usually gets: its greatest value in an
 * episode, of which nine of ten such episodes stay below. In each of the rest, the score is the
 * greatest over its steps of min(realised, spread), both as multiples of the usual size of their
 * worst feature. The limits are the usual sizes times the k-th smallest score, k = ceil((n + 1)(1 -
 * rate)) of n.
 *
 * <p><b>What that guarantees.</b> If an episode is exchangeable with these n, both channels exceed
 * their limits at the same step, anywhere in it, with a probability of at most the rate, on average
 * over the episodes drawn to calibrate; nothing is assumed about the channels. (Vovk, Gammerman and
 * Shafer 2005, chapter 4; Lei et al., JASA 2018, theorem 2.) Of an episode driven by another
 * policy, on another robot or task, or with another period of planning, it says nothing.
 */
public final class ForesightCalibration {
  private static final double LEAST_SIZE = 1e-3; // in feature scales: less is no difference

  private static final double USUAL = 0.9; // quantile, so that no feature's rare peaks decide

  private final PolicySpec spec;
  private final ForesightChannels channels;
  private final List<List<double[]>> episodes = new ArrayList<>(); // realised, spread by feature

  /**
   * @param scale as {@link ForesightGate} takes it
   */
  public ForesightCalibration(PolicySpec spec, float[] scale) {
    this.spec = spec;
    channels = new ForesightChannels(spec, scale);
  }

  /** Begins another episode. */
  public void begin() {
    channels.forget();
    episodes.add(new ArrayList<>());
  }

  /** Adds a step of it: what was seen, and what was imagined from that. */
  public void add(Observation seen, float[] imagined) {
    channels.observe(seen);
    channels.imagine(seen, imagined);
    int features = channels.realised.length;
    double[] step = Arrays.copyOf(channels.realised, 2 * features);
    System.arraycopy(channels.spread, 0, step, features, features);
    for (double value : step) {
      if (Double.isNaN(value)) {
        return; // nothing to compare yet
      }
    }
    episodes.getLast().add(step);
  }

  /** Episodes so far. */
  public int episodes() {
    return episodes.size();
  }

  /**
   * Limits for a rate of false stops.
   *
   * @param falseStops fraction of good episodes, between 0 and 1
   * @throws RuntimeFault if there are too few episodes for so low a rate
   */
  public ForesightLimits limits(double falseStops) {
    return limits(every(2, 0), every(2, 1), falseStops);
  }

  /** How many episodes it takes for such a rate of false stops. */
  public static int episodesNeeded(double falseStops) {
    return 2 * (int) Math.ceil(1 / falseStops - 1 - 1e-9);
  }

  /**
   * A check of that: calibrates on a half of the episodes.
   *
   * @return which fraction of the other half the limits then stop
   * @throws RuntimeFault if there are too few episodes for so low a rate
   */
  public double heldOutFalseStops(double falseStops) {
    ForesightLimits limits = limits(every(4, 0), every(4, 1), falseStops);
    List<List<double[]>> others = new ArrayList<>(every(4, 2));
    others.addAll(every(4, 3));
    return stopped(others, limits);
  }

  /** Which fraction of all episodes these limits stop. */
  public double stopped(ForesightLimits limits) {
    return stopped(episodes, limits);
  }

  private double stopped(List<List<double[]>> some, ForesightLimits limits) {
    double[] size = both(limits);
    return some.stream().filter(episode -> score(episode, size) > 1).count() / (double) some.size();
  }

  private ForesightLimits limits(
      List<List<double[]>> sizing, List<List<double[]>> scoring, double falseStops) {
    int n = scoring.size();
    int k = (int) Math.ceil((n + 1) * (1 - falseStops) - 1e-9);
    if (k > n || sizing.isEmpty()) {
      throw new RuntimeFault(
          "calibrate foresight: found %s episodes, wanted %s or more for a false-stop rate of %s; record more or allow more"
              .formatted(sizing.size() + n, episodesNeeded(falseStops), falseStops));
    }
    double[] size = usualSizes(sizing);
    double[] scores = scoring.stream().mapToDouble(e -> score(e, size)).sorted().toArray();
    int features = size.length / 2;
    Map<String, Double> realised = new LinkedHashMap<>();
    Map<String, Double> spread = new LinkedHashMap<>();
    for (int feature = 0; feature < features; feature++) {
      realised.put(spec.imagined().get(feature), scores[k - 1] * size[feature]);
      spread.put(spec.imagined().get(feature), scores[k - 1] * size[features + feature]);
    }
    return new ForesightLimits(falseStops, sizing.size() + n, realised, spread);
  }

  private double[] usualSizes(List<List<double[]>> sizing) {
    double[] size = new double[2 * channels.realised.length];
    for (int channel = 0; channel < size.length; channel++) {
      int of = channel;
      double[] greatest =
          sizing.stream()
              .mapToDouble(episode -> episode.stream().mapToDouble(s -> s[of]).max().orElse(0))
              .sorted()
              .toArray();
      size[channel] = Math.max(LEAST_SIZE, greatest[(int) (USUAL * (greatest.length - 1))]);
    }
    return size;
  }

  private static double score(List<double[]> episode, double[] size) {
    double greatest = LEAST_SIZE;
    for (double[] step : episode) {
      double realised = 0;
      double spread = 0;
      for (int i = 0; i < size.length / 2; i++) {
        realised = Math.max(realised, step[i] / size[i]);
        spread = Math.max(spread, step[size.length / 2 + i] / size[size.length / 2 + i]);
      }
      greatest = Math.max(greatest, Math.min(realised, spread));
    }
    return greatest;
  }

  private double[] both(ForesightLimits limits) {
    double[] realised = ForesightLimits.inOrder(limits.realised(), spec);
    double[] both = Arrays.copyOf(realised, 2 * realised.length);
    System.arraycopy(
        ForesightLimits.inOrder(limits.spread(), spec), 0, both, realised.length, realised.length);
    return both;
  }

  private List<List<double[]>> every(int stride, int from) {
    List<List<double[]>> some = new ArrayList<>();
    for (int i = from; i < episodes.size(); i += stride) {
      some.add(episodes.get(i));
    }
    return some;
  }
}
