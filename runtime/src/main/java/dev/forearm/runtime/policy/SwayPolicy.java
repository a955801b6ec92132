package dev.forearm.runtime.policy;

import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.util.Map;

/**
 * A first motion for any arm, with nothing learned: every joint slowly goes a little way towards
 * the farther end of its range and comes back to where it was, again and again. Called by the
 * inference thread; allocates nothing per plan.
 */
public final class SwayPolicy implements Policy {
  private static final int CHUNK_STEPS = 16;
  private static final double PERIOD_SECONDS = 6;
  private static final double SHARE_OF_RANGE = 0.06;
  private static final double TRAVEL_MAX = 0.15; // rad, or m, which the range makes less
  private static final double SHARE_OF_SPEED = 0.25;
  private static final String START = "start";
  private static final Driver DRIVER = new Driver.Expert();

  private final PolicySpec spec;
  private final double[] travel; // of each joint, rad or m
  private final double[] middle;
  private final float[] start;
  private long plans;

  public SwayPolicy(Robot robot) {
    spec = PolicySpec.ofOwnMotion(robot, CHUNK_STEPS);
    travel = robot.joints().stream().mapToDouble(SwayPolicy::travel).toArray();
    middle = robot.joints().stream().mapToDouble(Joint::positionMiddle).toArray();
    start = new float[robot.jointCount()];
  }

  /** A quarter of its greatest speed at most, and never far. */
  private static double travel(Joint joint) {
    double range = joint.positionMax() - joint.positionMin();
    double speed = SHARE_OF_SPEED * joint.velocityMax() * PERIOD_SECONDS / Math.PI;
    return Math.min(Math.min(SHARE_OF_RANGE * range, TRAVEL_MAX), speed);
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {
    plans = 0;
  }

  @Override
  public PolicyState freeze() {
    return new PolicyState(0, plans, Map.of(START, start.clone()));
  }

  @Override
  public void thaw(PolicyState state) {
    float[] known = state.memory().get(START);
    if (known == null || known.length != start.length) {
      throw new IllegalArgumentException(
          "thaw: found a memory of %s, wanted '%s' of %s joints"
              .formatted(state.memory().keySet(), START, start.length));
    }
    System.arraycopy(known, 0, start, 0, start.length);
    plans = state.plans();
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    if (plans == 0) {
      System.arraycopy(observation.values(), 0, start, 0, start.length);
    }
    plan.imagines(false);
    plan.driver(DRIVER);
    double[] actions = plan.actions();
    for (int i = 0; i < actions.length; i++) {
      int joint = i % start.length;
      double seconds = (plans + i / start.length + 1) * spec.periodNanos() * 1e-9;
      double way = travel[joint] * 0.5 * (1 - Math.cos(2 * Math.PI * seconds / PERIOD_SECONDS));
      actions[i] = start[joint] + (start[joint] < middle[joint] ? way : -way);
    }
    plans++;
  }
}
