package dev.forearm.models.bundle;

import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.UnitMap;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * From the units that a policy's files speak in, degrees or 0 to 100 of a joint, to those of the
 * runtime, rad and m, and back. It is worked into the scaling of what goes into the graphs and
 * comes out, so that a policy costs no more for it, and everybody else sees rad and m alone:
 *
 * <pre>
 *   physical = offset + slope said
 * </pre>
 */
final class PolicyUnits {
  private final boolean foreign; // whether anything is said otherwise
  private final int joints;
  private final double[] offset; // of each observed value
  private final double[] slope;
  private final int[] imagined; // where in an observation each value of a frame stands
  private final double[] jointOffset;
  private final double[] jointSlope;

  PolicyUnits(Manifest manifest) {
    PolicySpec spec = manifest.spec();
    List<Optional<UnitMap>> maps = manifest.unitMaps();
    foreign = maps.stream().anyMatch(Optional::isPresent);
    joints = maps.size();
    jointOffset =
        maps.stream().mapToDouble(m -> m.map(map -> map.toPosition(0)).orElse(0.0)).toArray();
    jointSlope = maps.stream().mapToDouble(m -> m.map(UnitMap::slope).orElse(1.0)).toArray();
    offset = new double[spec.observationWidth()];
    slope = new double[spec.observationWidth()];
    Arrays.fill(slope, 1);
    say(spec.placesOfSource(new Source.JointPosition()), jointOffset);
    say(spec.placesOfSource(new Source.JointVelocity()), new double[joints]);
    imagined = spec.placesOf(spec.imagined());
  }

  private void say(int[] places, double[] offsets) {
    for (int i = 0; i < places.length; i++) {
      offset[places[i]] = offsets[i % joints];
      slope[places[i]] = jointSlope[i % joints];
    }
  }

  Scaling observation(Scaling said) {
    return physical(said, offset, slope);
  }

  /** Of each value of each frame. */
  Scaling imagined(Scaling said) {
    return physical(
        said,
        Arrays.stream(imagined).mapToDouble(place -> offset[place]).toArray(),
        Arrays.stream(imagined).mapToDouble(place -> slope[place]).toArray());
  }

  /** Of each joint of each step. */
  Scaling action(Scaling said) {
    return physical(said, jointOffset, jointSlope);
  }

  /** Turns what a probe says into physical units, or back, in place. */
  void convert(String tensor, float[] values, boolean toPhysical) {
    boolean actions = tensor.equals("actions");
    for (int i = 0; i < values.length && foreign; i++) {
      int place = tensor.equals("imagined") ? imagined[i % imagined.length] : i;
      double by = actions ? jointSlope[i % joints] : slope[place];
      double from = actions ? jointOffset[i % joints] : offset[place];
      values[i] = (float) (toPhysical ? from + by * values[i] : (values[i] - from) / by);
    }
  }

  /** A difference has no offset. */
  private Scaling physical(Scaling said, double[] offsets, double[] slopes) {
    if (!foreign) {
      return said;
    }
    boolean relative = said.reference().length > 0;
    float[] mean = new float[said.width()];
    float[] std = new float[said.width()];
    for (int i = 0; i < mean.length; i++) {
      int at = i % slopes.length;
      mean[i] = (float) ((relative ? 0 : offsets[at]) + slopes[at] * said.mean()[i]);
      std[i] = (float) (slopes[at] * said.std()[i]);
    }
    return new Scaling(mean, std, said.reference());
  }
}
