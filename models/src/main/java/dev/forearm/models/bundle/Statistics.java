package dev.forearm.models.bundle;

import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.runtime.policy.PolicySpec;

/**
 * What {@code stats.json} says: the graphs work on {@code (value - mean) / std}.
 *
 * @param observation of each observed value
 * @param imagined of each value of each frame, [frame][feature], of the difference to the
 *     observation if the bundle imagines differences
 * @param action of each value of each step, [step][joint], of the difference to the observed joint
 *     position if the bundle's actions are differences
 */
public record Statistics(Normal observation, Normal imagined, Normal action) {

  /** Mean and standard deviation, element by element; the arrays are not copied. */
  @SuppressWarnings("ArrayRecordComponent") // compared by no one, read in the inner loop
  public record Normal(float[] mean, float[] std) {
    public Normal {
      if (mean.length != std.length) {
        throw new IllegalArgumentException(
            "mean has %s values, std %s".formatted(mean.length, std.length));
      }
    }
  }

  static Statistics parse(String text, String name, PolicySpec spec) {
    int frames = spec.frameSteps().size() * spec.frameWidth();
    int actions = spec.chunkSteps() * spec.joints().size();
    return ConfigFile.parseJson(
        text,
        name,
        file ->
            new Statistics(
                normal(file, "observation", spec.observationWidth()),
                normal(file, "imagined", frames),
                normal(file, "action", actions)));
  }

  private static Normal normal(Section file, String key, int width) {
    Section section = file.section(key);
    float[] mean = floats(section.numbers("mean", width));
    float[] std = floats(section.numbers("std", width));
    for (float value : std) {
      if (!(value > 0)) {
        throw section.fault("std", "found %s, wanted positive numbers".formatted(value));
      }
    }
    return new Normal(mean, std);
  }

  private static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
