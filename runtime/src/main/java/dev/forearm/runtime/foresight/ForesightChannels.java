package dev.forearm.runtime.foresight;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.Arrays;

/**
 * The two channels, one number for each imagined feature: root mean squares over its values in
 * units of their scale. NaN where there is nothing to compare.
 *
 * <p><b>Realised distance</b>: what the newest plan that is a frame old imagined for now, against
 * the observation. <b>Spread</b>: what the newest plan imagines at its frames' instants, against
 * what the newest plan that is a frame older imagined there, as far as it reaches.
 */
final class ForesightChannels {
  private final ImaginedPast past;
  private final int[] observedAt;
  private final int[] ends; // of each feature in a frame
  private final float[] scale;
  private final int frames;
  final double[] realised;
  final double[] spread;
  double error = Double.NaN;

  ForesightChannels(PolicySpec spec, float[] scale) {
    if (scale.length != spec.frameWidth()) {
      throw new IllegalArgumentException(
          "foresight: found %s scales, wanted one for each of %s imagined values"
              .formatted(scale.length, spec.frameWidth()));
    }
    this.scale = scale.clone();
    past = new ImaginedPast(spec);
    observedAt = spec.placesOf(spec.imagined());
    frames = spec.frameSteps().size();
    ends = new int[spec.imagined().size()];
    for (int feature = 0; feature < ends.length; feature++) {
      String name = spec.imagined().get(feature);
      ends[feature] =
          spec.frameOffsetOf(name)
              + spec.placesOf(spec.imagined().subList(feature, feature + 1)).length;
    }
    realised = new double[ends.length];
    spread = new double[ends.length];
    forget();
  }

  void forget() {
    past.forget();
    error = Double.NaN;
    Arrays.fill(realised, Double.NaN);
    Arrays.fill(spread, Double.NaN);
  }

  /** Forgets what was imagined, and keeps the last numbers. */
  void forgetFutures() {
    past.forget();
  }

  /** Brings the realised distance up to date. */
  void observe(Observation seen) {
    long now = seen.stampNanos();
    int age = past.ageBefore(now, 0);
    if (age < 0 || !past.reaches(age, now)) {
      error = Double.NaN;
      Arrays.fill(realised, Double.NaN);
      return;
    }
    double all = 0;
    int value = 0;
    for (int feature = 0; feature < ends.length; feature++) {
      int begin = value;
      double sum = 0;
      for (; value < ends[feature]; value++) {
        double difference =
            (past.value(age, now, value) - seen.values()[observedAt[value]]) / scale[value];
        sum += difference * difference;
      }
      realised[feature] = Math.sqrt(sum / (value - begin));
      all += sum;
    }
    error = Math.sqrt(all / scale.length);
  }

  /** Remembers a new plan and brings the spread up to date. */
  void imagine(Observation seen, float[] imagined) {
    past.remember(seen, imagined);
    int older = past.ageBefore(seen.stampNanos(), 1);
    int begin = 0;
    for (int feature = 0; feature < ends.length; feature++) {
      spread[feature] = older < 0 ? Double.NaN : difference(older, begin, ends[feature]);
      begin = ends[feature];
    }
  }

  /** Between the newest plan and an older one, over some values of all frames that both reach. */
  private double difference(int older, int begin, int end) {
    double sum = 0;
    int terms = 0;
    for (int frame = 0; frame < frames; frame++) {
      long due = past.dueNanos(0, frame);
      if (past.reaches(older, due)) {
        for (int value = begin; value < end; value++) {
          double change = past.value(0, due, value) - past.value(older, due, value);
          sum += change * change / ((double) scale[value] * scale[value]);
          terms++;
        }
      }
    }
    return terms == 0 ? Double.NaN : Math.sqrt(sum / terms);
  }
}
