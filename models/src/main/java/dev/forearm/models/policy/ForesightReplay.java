package dev.forearm.models.policy;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.foresight.ForesightCalibration;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;

/**
 * Has a bundle imagine along recorded episodes, whoever drove in them, to calibrate its foresight
 * on them. One thread, which the policy is not driving meanwhile.
 */
public final class ForesightReplay {
  private final BundlePolicy policy;
  private final Observation observation;
  private final float[] imagined;
  private final ForesightCalibration calibration;
  private int skipped;

  /**
   * @param policy stays the caller's
   */
  public ForesightReplay(BundlePolicy policy) {
    this.policy = policy;
    PolicySpec spec = policy.spec();
    observation = new Observation(spec);
    imagined = new float[spec.frameSteps().size() * spec.frameWidth()];
    calibration = new ForesightCalibration(spec, policy.imaginedScale());
  }

  /**
   * Adds an episode; one that did not succeed is only counted.
   *
   * @throws ModelsFault if it is of another task, its observations are not the bundle's, or the
   *     bundle sees images and did not drive: an episode's observations come without
   */
  public void add(RecordedPlans episode) {
    String task = policy.bundle().manifest().task();
    if (!episode.task().equals(task)) {
      throw new ModelsFault(
          "calibrate foresight on %s: recorded for task '%s', the bundle wants '%s'; leave the file out"
              .formatted(episode.source(), episode.task(), task));
    }
    if (!episode.succeeded()) {
      skipped++;
      return;
    }
    episode.observations().forEach((stamp, values) -> require(episode, stamp, values));
    policy.reset();
    calibration.begin();
    episode
        .observations()
        .forEach((stamp, values) -> {
          System.arraycopy(values, 0, observation.values(), 0, values.length);
          observation.at(stamp, stamp);
          float[] recorded = episode.imaginations().get(stamp);
          if (recorded != null && isOurs(episode.driver(stamp))) {
            System.arraycopy(recorded, 0, imagined, 0, imagined.length);
          } else {
            policy.worldModel().imagine(observation, imagined);
          }
          calibration.add(observation, imagined);
        });
  }

  /** What was learned of the episodes that succeeded. */
  public ForesightCalibration calibration() {
    return calibration;
  }

  /** Episodes left out since they did not succeed. */
  public int skipped() {
    return skipped;
  }

  private void require(RecordedPlans episode, long stamp, float[] values) {
    if (values.length != observation.values().length) {
      throw new ModelsFault(
          "calibrate foresight on %s: observations have %s values, wanted %s; it was recorded with another robot file or version"
              .formatted(episode.source(), values.length, observation.values().length));
    }
    if (!policy.spec().images().isEmpty() && !isOurs(episode.driver(stamp))) {
      throw new ModelsFault(
          "calibrate foresight on %s: the bundle sees images, so that only what it imagined itself counts; record episodes with it"
              .formatted(episode.source()));
    }
  }

  private boolean isOurs(Driver driver) {
    return driver instanceof Driver.Learned(String sha256)
        && sha256.equals(policy.bundle().sha256());
  }
}
