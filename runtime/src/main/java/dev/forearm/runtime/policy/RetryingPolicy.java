package dev.forearm.runtime.policy;

import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A policy that is helped when it is stuck: where neither an object nor the arm has got anywhere
 * for some time, the fingers open, and if that did not help the arm goes back to where the episode
 * began, and the policy tries again. It knows nothing of the task. The chunks of the way home are a
 * {@link Driver.Recovery}'s, without an imagination, so that both halves can learn to leave by
 * themselves where it led to success. Called by the inference thread; plans without allocating.
 */
public final class RetryingPolicy extends PolicyAround {
  private static final double SPEED_SHARE = 0.25; // of each joint's greatest speed
  private static final Driver RECOVERY = new Driver.Recovery();

  private final Retry retry;
  private final List<Joint> joints;
  private final int[] jointPlaces; // in the observation
  private final int[] objectPlaces;
  private final double[] home;
  private final float[] objects; // where they were when something moved last
  private final float[] stance; // the joints then
  private final long periodNanos;
  private long movedNanos;
  private long homeUntilNanos;
  private long homeFromNanos;
  private boolean begun;
  private boolean recovering;
  private int attempts; // since an object moved

  /**
   * @param policy closed with this
   * @param robot whose joints in metres are fingers
   * @throws IllegalArgumentException if it does not see where its joints are
   */
  public RetryingPolicy(Policy policy, Robot robot, Retry retry) {
    super(policy);
    this.retry = retry;
    PolicySpec spec = policy.spec();
    joints =
        spec.joints().stream().map(name -> robot.joints().get(robot.jointIndex(name))).toList();
    jointPlaces = spec.placesOfSource(new Source.JointPosition());
    if (jointPlaces.length != joints.size()) {
      throw new IllegalArgumentException(
          "retry: wanted a policy that sees the positions of its joints %s, found observation %s"
              .formatted(spec.joints(), spec.observation().stream().map(Feature::name).toList()));
    }
    home = new double[joints.size()];
    stance = new float[joints.size()];
    periodNanos = spec.periodNanos();
    objectPlaces =
        IntStream.of(spec.objectPlaces()).flatMap(at -> IntStream.range(at, at + 3)).toArray();
    objects = new float[objectPlaces.length];
  }

  /** How it helps. */
  public Retry retry() {
    return retry;
  }

  @Override
  public void reset() {
    super.reset();
    begun = false;
    attempts = 0;
    recovering = false;
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    long now = observation.stampNanos();
    float[] seen = observation.values();
    if (!begun) {
      begun = true;
      for (int joint = 0; joint < home.length; joint++) {
        home[joint] = seen[jointPlaces[joint]];
      }
      moved(seen, now);
    }
    if (hasObjectMoved(seen)) {
      attempts = 0;
      moved(seen, now);
    } else if (hasArmMoved(seen)) {
      moved(seen, now);
    }
    if (!recovering && now - movedNanos > (1 + attempts) * retry.stuckSeconds() * 1e9) {
      recovering = true;
      homeFromNanos = now;
      attempts++;
      double seconds = retry.openSeconds() + (attempts % 2 == 1 ? 0 : retry.homeSeconds());
      homeUntilNanos = now + (long) (seconds * 1e9);
    }
    if (recovering && now >= homeUntilNanos) {
      recovering = false;
      moved(seen, now);
    }
    if (recovering) {
      goHome(seen, now, plan);
    } else {
      super.plan(observation, plan);
    }
  }

  private void goHome(float[] seen, long now, Plan plan) {
    double[] actions = plan.actions();
    int count = joints.size();
    boolean opening = now - homeFromNanos < retry.openSeconds() * 1e9;
    for (int step = 0; step < actions.length / count; step++) {
      double seconds = (step + 1) * periodNanos * 1e-9;
      for (int j = 0; j < count; j++) {
        Joint joint = joints.get(j);
        double from = seen[jointPlaces[j]];
        boolean finger = joint.unit() == JointUnit.METRE;
        double wanted = finger ? joint.positionMax() : opening ? from : home[j];
        double reach = SPEED_SHARE * joint.velocityMax() * seconds;
        double to = from + Math.clamp(wanted - from, -reach, reach);
        actions[step * count + j] = Math.clamp(to, joint.positionMin(), joint.positionMax());
      }
    }
    plan.driver(RECOVERY);
  }

  private boolean hasArmMoved(float[] seen) {
    for (int j = 0; j < stance.length; j++) {
      if (joints.get(j).unit() != JointUnit.METRE
          && Math.abs(seen[jointPlaces[j]] - stance[j]) > retry.movedRad()) {
        return true;
      }
    }
    return false;
  }

  private boolean hasObjectMoved(float[] seen) {
    for (int i = 0; i + 2 < objects.length; i += 3) {
      double x = seen[objectPlaces[i]] - objects[i];
      double y = seen[objectPlaces[i + 1]] - objects[i + 1];
      double z = seen[objectPlaces[i + 2]] - objects[i + 2];
      if (x * x + y * y + z * z > retry.movedMetres() * retry.movedMetres()) {
        return true;
      }
    }
    return false;
  }

  private void moved(float[] seen, long now) {
    movedNanos = now;
    for (int j = 0; j < stance.length; j++) {
      stance[j] = seen[jointPlaces[j]];
    }
    for (int i = 0; i < objects.length; i++) {
      objects[i] = seen[objectPlaces[i]];
    }
  }
}
