package dev.forearm.runtime.policy;

import dev.forearm.runtime.kinematics.DampedInverse;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import java.util.Arrays;
import java.util.List;

/**
 * A policy whose grasps are aimed anew where they miss. What misses an object does so again, by as
 * much: so the arm does what the policy does next, moved sideways by as much as the hand was beside
 * the object when its fingers closed and it had not been taken along when they opened. The policy
 * sees the arm where it would be without; what it plans and imagines is moved back. Where it misses
 * again that is added. While the fingers are shut the policy sees what is, and once the object has
 * moved nothing is moved any more.
 *
 * <p>It knows nothing of the task, only where tool and objects are seen, and takes joints in metres
 * for fingers. So it mends what policy and servos do wrong, not where an object is seen beside
 * where it is. Called by the inference thread; plans without allocating.
 */
public final class RegraspingPolicy extends PolicyAround {
  private static final int NOTHING = -1;

  private static final double OPEN = 0.9; // of the fingers' travel
  private static final double SHUT = 0.7;
  private static final double REACH = 0.10; // m from tool to the object that it closes at
  private static final double LEFT = 0.14; // m from what was let go of
  private static final double MOVED = 0.015; // m
  private static final double ASIDE_MAX = 0.06; // m
  private static final int ITERATIONS = 3;

  private final int joints;
  private final int[] fingers;
  private final double[] fingerMax;
  private final int jointsAt; // in the observation
  private final int toolAt;
  private final int[] objectAt;
  private final int frameWidth;
  private final int frameJointsAt; // in a frame; NOTHING: not imagined
  private final int frameToolAt;
  private final Observation view; // with the arm where it would be
  private final SerialChain chain;
  private final DampedInverse inverse;
  private final double[] committed; // [step][joint], for the next plan
  private int committedSteps;
  private final double[] q;
  private final double[] turns;
  private final double[] twist = new double[6];
  private final double[] point = new double[3];

  private boolean shut;
  private int target; // what the fingers closed at
  private final float[] targetPlace = new float[3]; // where it was then
  private double lowest; // m, of the tool since
  private final double[] beside = new double[2]; // m, of tool and target there
  private int released; // as long as the hand is near
  private int missed;
  private final float[] missedPlace = new float[3];
  private final double[] aside = new double[2]; // m, that the arm is moved by

  /**
   * @param policy closed with this
   * @throws IllegalArgumentException if it sees images, does not command every joint, or joints,
   *     tool, fingers or objects are not observed
   */
  public RegraspingPolicy(Policy policy, Robot robot) {
    super(policy);
    PolicySpec spec = policy.spec();
    fingers =
        robot.joints().stream()
            .filter(joint -> joint.unit() == JointUnit.METRE)
            .mapToInt(joint -> robot.jointIndex(joint.name()))
            .toArray();
    fingerMax = robot.joints().stream().mapToDouble(Joint::positionMax).toArray();
    objectAt = spec.objectPlaces();
    if (!spec.images().isEmpty()
        || !spec.joints().equals(robot.jointNames())
        || fingers.length == 0
        || objectAt.length == 0) {
      throw new IllegalArgumentException(
          "regrasp: wanted a policy that sees objects' positions and no images, and commands every joint of a robot with fingers in metres; found observation %s and joints %s"
              .formatted(spec.observation().stream().map(Feature::name).toList(), spec.joints()));
    }
    joints = robot.jointCount();
    jointsAt = spec.placeNeeded(new Source.JointPosition(), "regrasp");
    toolAt = spec.placeNeeded(new Source.ToolPosition(), "regrasp");
    frameWidth = spec.frameWidth();
    List<Integer> imagined = Arrays.stream(spec.placesOf(spec.imagined())).boxed().toList();
    frameJointsAt = imagined.indexOf(jointsAt);
    frameToolAt = imagined.indexOf(toolAt);
    view = new Observation(spec);
    chain = new SerialChain(robot);
    inverse = new DampedInverse(robot);
    committed = new double[prefixSteps() * joints];
    q = new double[joints];
    turns = new double[joints];
    forget();
  }

  @Override
  public void reset() {
    super.reset();
    forget();
  }

  private void forget() {
    shut = false;
    target = NOTHING;
    released = NOTHING;
    missed = NOTHING;
  }

  /** Kept for the plan, since only that tells where the policy is to see the arm. */
  @Override
  public void commit(double[] actions, int steps) {
    System.arraycopy(actions, 0, committed, 0, steps * joints);
    committedSteps = steps;
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    watch(observation.values());
    boolean isAside = missed != NOTHING && !shut;
    if (prefixSteps() > 0) {
      for (int step = 0; isAside && step < committedSteps; step++) {
        move(committed, step * joints, -1);
      }
      super.commit(committed, committedSteps);
    }
    if (isAside) {
      planAside(observation, plan);
    } else {
      super.plan(observation, plan);
    }
  }

  private void watch(float[] seen) {
    if (missed != NOTHING && hasMoved(seen, missed, missedPlace)) {
      missed = NOTHING;
    }
    if (released != NOTHING && distance(seen, released) > LEFT) {
      released = NOTHING;
    }
    double opening = opening(seen);
    if (!shut && opening < SHUT) {
      shut = true;
      closing(seen);
    }
    if (target == NOTHING) {
      shut &= opening <= OPEN;
      return;
    }
    boolean taken = hasMoved(seen, target, targetPlace);
    if (!taken && seen[toolAt + 2] < lowest && distance(seen, target) < REACH) {
      lowest = seen[toolAt + 2];
      beside[0] = seen[toolAt] - seen[objectAt[target]];
      beside[1] = seen[toolAt + 1] - seen[objectAt[target] + 1];
    }
    if (opening > OPEN) {
      shut = false;
      if (taken) {
        released = target;
      } else {
        aimAnew();
      }
      target = NOTHING;
    }
  }

  private void closing(float[] seen) {
    lowest = Double.POSITIVE_INFINITY;
    target = NOTHING;
    double best = REACH;
    for (int i = 0; i < objectAt.length; i++) {
      double distance = distance(seen, i);
      if (i != released && distance < best) {
        best = distance;
        target = i;
      }
    }
    if (target != NOTHING) {
      System.arraycopy(seen, objectAt[target], targetPlace, 0, 3);
    }
  }

  private void aimAnew() {
    if (missed != target) {
      missed = target;
      Arrays.fill(aside, 0);
    }
    System.arraycopy(targetPlace, 0, missedPlace, 0, 3);
    aside[0] -= beside[0];
    aside[1] -= beside[1];
    double far = Math.hypot(aside[0], aside[1]);
    if (far > ASIDE_MAX) {
      aside[0] *= ASIDE_MAX / far;
      aside[1] *= ASIDE_MAX / far;
    }
  }

  private void planAside(Observation observation, Plan plan) {
    float[] values = view.values();
    System.arraycopy(observation.values(), 0, values, 0, values.length);
    move(values, jointsAt, -1);
    values[toolAt] -= (float) aside[0];
    values[toolAt + 1] -= (float) aside[1];
    view.at(observation.stampNanos(), observation.originNanos());
    super.plan(view, plan);
    double[] actions = plan.actions();
    for (int at = 0; at < actions.length; at += joints) {
      move(actions, at, 1);
    }
    if (plan.imagines()) {
      moveBack(plan.imagined());
    }
  }

  private void moveBack(float[] frames) {
    for (int at = 0; at < frames.length; at += frameWidth) {
      if (frameJointsAt != NOTHING) {
        move(frames, at + frameJointsAt, 1);
      }
      if (frameToolAt != NOTHING) {
        frames[at + frameToolAt] += (float) aside[0];
        frames[at + frameToolAt + 1] += (float) aside[1];
      }
    }
  }

  private void move(float[] positions, int at, int sign) {
    for (int joint = 0; joint < joints; joint++) {
      q[joint] = positions[at + joint];
    }
    move(sign);
    for (int joint = 0; joint < joints; joint++) {
      positions[at + joint] = (float) q[joint];
    }
  }

  private void move(double[] positions, int at, int sign) {
    System.arraycopy(positions, at, q, 0, joints);
    move(sign);
    System.arraycopy(q, 0, positions, at, joints);
  }

  /** Has the joints bring the tool aside, or back from there, turned and as high as it is. */
  private void move(int sign) {
    chain.toolPosition(q, point);
    double x = point[0] + sign * aside[0];
    double y = point[1] + sign * aside[1];
    double z = point[2];
    for (int i = 0; i < ITERATIONS; i++) {
      chain.toolPosition(q, point);
      twist[0] = x - point[0];
      twist[1] = y - point[1];
      twist[2] = z - point[2];
      inverse.solve(q, twist, false, turns);
      for (int joint = 0; joint < joints; joint++) {
        q[joint] += turns[joint];
      }
    }
  }

  /** Of all fingers, as a share of their travel. */
  private double opening(float[] seen) {
    double sum = 0;
    for (int finger : fingers) {
      sum += seen[jointsAt + finger] / fingerMax[finger];
    }
    return sum / fingers.length;
  }

  private double distance(float[] seen, int object) {
    return distance(seen, toolAt, seen, objectAt[object]);
  }

  private boolean hasMoved(float[] seen, int object, float[] from) {
    return distance(seen, objectAt[object], from, 0) > MOVED;
  }

  private static double distance(float[] a, int aAt, float[] b, int bAt) {
    double x = a[aAt] - b[bAt];
    double y = a[aAt + 1] - b[bAt + 1];
    double z = a[aAt + 2] - b[bAt + 2];
    return Math.sqrt(x * x + y * y + z * z);
  }
}
