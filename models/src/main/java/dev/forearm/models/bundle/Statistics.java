package dev.forearm.models.bundle;

import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import java.util.Arrays;

/**
 * What {@code stats.json} says: how everything that goes into the graphs and comes out of them is
 * scaled, in rad and m whatever unit the file speaks in.
 *
 * @param observation of each observed value
 * @param imagined of each value of each frame, [frame][feature]
 * @param action of each value of each step, [step][joint]
 */
public record Statistics(Scaling observation, Scaling imagined, Scaling action) {
  private static final int[] ABSOLUTE = {};

  static Statistics parse(String text, String name, Manifest manifest) {
    PolicySpec spec = manifest.spec();
    int frames = spec.frameSteps().size() * spec.frameWidth();
    int actions = spec.chunkSteps() * spec.joints().size();
    int[] seen = manifest.imaginedRelative() ? spec.placesOf(spec.imagined()) : ABSOLUTE;
    int[] joints =
        manifest.actionRelative() ? spec.placesOfSource(new Source.JointPosition()) : ABSOLUTE;
    PolicyUnits units = new PolicyUnits(manifest);
    return ConfigFile.parseJson(
        text,
        name,
        file ->
            new Statistics(
                units.observation(scaling(file, "observation", spec.observationWidth(), ABSOLUTE)),
                units.imagined(scaling(file, "imagined", frames, seen)),
                units.action(scaling(file, "action", actions, joints))));
  }

  /** {@code reference} is that of one frame or step; all are alike. */
  private static Scaling scaling(Section file, String key, int width, int[] reference) {
    Section section = file.section(key);
    float[] mean = floats(section.numbers("mean", width));
    float[] std = floats(section.numbers("std", width));
    for (float value : std) {
      if (!(value > 0)) {
        throw section.fault("std", "found %s, wanted positive numbers".formatted(value));
      }
    }
    int[] references = new int[reference.length == 0 ? 0 : width];
    Arrays.setAll(references, i -> reference[i % reference.length]);
    return new Scaling(mean, std, references);
  }

  private static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
