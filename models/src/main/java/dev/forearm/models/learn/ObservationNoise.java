package dev.forearm.models.learn;

import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.JointUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Samples seen from a little beside. What followed and what was done stay where they were, so that
 * a policy learns to come back. The deviations are those that the exporter trains with.
 */
final class ObservationNoise {
  private static final double JOINT_POSITION_RAD = 0.004;
  private static final double JOINT_VELOCITY_RAD = 0.02; // a second
  private static final double FINGER_M = 0.0003; // and a second
  private static final double POSITION_M = 0.001;
  private static final double TOOL_ROTATION = 0.004;
  private static final double OBJECT_ROTATION = 0.01;

  private final double[] std; // of each observed value

  /**
   * @param scale of the deviations; 0 for none
   */
  ObservationNoise(Manifest manifest, double scale) {
    PolicySpec spec = manifest.spec();
    std = new double[spec.observationWidth()];
    int at = 0;
    for (Feature feature : spec.state()) {
      for (int i = 0; i < feature.size(); i++) {
        std[at++] = scale * deviation(feature.source(), manifest.jointUnits(), i);
      }
    }
  }

  /** Every sample as often as asked for, each time from elsewhere. */
  List<PlanSample> around(List<PlanSample> samples, int copies, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PlanSample> around = new ArrayList<>(samples.size() * copies);
    for (int copy = 0; copy < copies; copy++) {
      for (PlanSample sample : samples) {
        float[] seen = sample.observation().clone();
        for (int i = 0; i < seen.length; i++) {
          seen[i] += (float) (std[i] * random.nextGaussian());
        }
        around.add(new PlanSample(seen, sample.frames(), sample.chunk()));
      }
    }
    return around;
  }

  private static double deviation(Source source, List<JointUnit> units, int joint) {
    return switch (source) {
      case Source.JointPosition _ ->
          units.get(joint) == JointUnit.METRE ? FINGER_M : JOINT_POSITION_RAD;
      case Source.JointVelocity _ ->
          units.get(joint) == JointUnit.METRE ? FINGER_M : JOINT_VELOCITY_RAD;
      case Source.ToolPosition _, Source.ObjectPosition _ -> POSITION_M;
      case Source.ToolRotation _ -> TOOL_ROTATION;
      case Source.ObjectRotation _ -> OBJECT_ROTATION;
      case Source.JointEffort _, Source.Image _, Source.TopicField _ -> 0;
    };
  }
}
