package dev.forearm.models.retrieval;

import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where tool and objects are by an observation, and what of that tells one situation from another.
 * A pose is x y z in m and yaw in rad, base frame. Things are known by their place among the
 * observed object positions. Owned by one thread; looking allocates nothing.
 */
final class Scene {
  /** Values of a pose. */
  static final int POSE = 4;

  /** In place of a thing. */
  static final int NOTHING = -1;

  private static final double QUARTER = Math.PI / 2;
  private static final double FLAT = 0.5; // length in the plane from which a column tells a yaw

  // A place is told within about a tenth of its distance, and farther ones less and less.
  private static final double NEAR = 0.05; // m, at which differences count half
  private static final double PAIR_WEIGHT = 0.5; // of two objects, against tool and object
  private static final double OPENING_WEIGHT = 2; // of fingers, against tool and object
  private static final double TURN_WEIGHT = 0.01; // m, of a quarter of a turn at the object

  private static final double HELD_WITHIN = 0.02; // m between grasp point and object
  private static final double PRESSED = 0.005; // m between fingers and what they are told

  private final int toolAt;
  private final int toolTurnAt;
  private final int jointsAt;
  private final int[] fingers;
  private final int[] objectAt;
  private final int[] turnAt; // -1: it has no rotation
  private final double[] tool = new double[POSE];
  private final double[][] objects;

  /**
   * @throws IllegalArgumentException if the tool, the joints or objects are not observed
   */
  Scene(PolicySpec spec, Robot robot) {
    fingers =
        IntStream.range(0, robot.jointCount())
            .filter(joint ->
                robot.chain().stream().mapToInt(ChainLink::joint).noneMatch(j -> j == joint))
            .toArray();
    toolAt = placeOf(spec, new Source.ToolPosition());
    toolTurnAt = placeOf(spec, new Source.ToolRotation());
    jointsAt = placeOf(spec, new Source.JointPosition());
    List<Integer> places = new ArrayList<>();
    List<Integer> turns = new ArrayList<>();
    for (Feature feature : spec.state()) {
      if (feature.source() instanceof Source.ObjectPosition(String object)) {
        places.add(spec.offsetOf(feature.name()));
        int[] turn = spec.placesOfSource(new Source.ObjectRotation(object));
        turns.add(turn.length == 0 ? -1 : turn[0]);
      }
    }
    if (places.isEmpty()) {
      throw new IllegalArgumentException(
          "retrieval: found no object's position in the observation %s"
              .formatted(spec.observation()));
    }
    objectAt = places.stream().mapToInt(Integer::intValue).toArray();
    turnAt = turns.stream().mapToInt(Integer::intValue).toArray();
    objects = new double[objectAt.length][POSE];
  }

  private static int placeOf(PolicySpec spec, Source source) {
    return spec.placeNeeded(source, "retrieval");
  }

  /** Joints that do not move the tool. */
  int[] fingers() {
    return fingers;
  }

  /** The tool's pose; the scene's own array. */
  double[] tool() {
    return tool;
  }

  /** An object's pose; the scene's own array. */
  double[] object(int thing) {
    return objects[thing];
  }

  /** Whether it is known how an object is turned. */
  boolean turns(int thing) {
    return turnAt[thing] >= 0;
  }

  /** Reads an observation. */
  void look(float[] seen) {
    read(seen, toolAt, toolTurnAt, tool);
    for (int i = 0; i < objects.length; i++) {
      read(seen, objectAt[i], turnAt[i], objects[i]);
    }
  }

  /** A joint's position by an observation. */
  double joint(float[] seen, int joint) {
    return seen[jointsAt + joint];
  }

  private static void read(float[] seen, int at, int turnAt, double[] pose) {
    pose[0] = seen[at];
    pose[1] = seen[at + 1];
    pose[2] = seen[at + 2];
    pose[3] = turnAt < 0 ? 0 : yaw(seen, turnAt);
  }

  /** Of the first column of a rotation or, up to a quarter, of the second where that one stands. */
  private static double yaw(float[] seen, int at) {
    return Math.hypot(seen[at], seen[at + 1]) >= FLAT
        ? Math.atan2(seen[at + 1], seen[at])
        : Math.atan2(seen[at + 4], seen[at + 3]) - QUARTER;
  }

  /** Width of a key. */
  int keyWidth() {
    int n = objects.length;
    int turning = (int) IntStream.of(turnAt).filter(at -> at >= 0).count();
    return 3 * n + 3 * n * (n - 1) / 2 + 2 * turning + fingers.length;
  }

  /**
   * What tells the situation last looked at from others, by Euclid's distance: the tool's place by
   * each object and objects' by each other, the finer the nearer; how the tool is turned to them,
   * whichever quarter; the fingers.
   */
  void key(float[] seen, float[] key) {
    int k = 0;
    for (double[] object : objects) {
      k = place(tool, object, 1, key, k);
    }
    for (int i = 0; i < objects.length; i++) {
      for (int j = 0; j < i; j++) {
        k = place(objects[i], objects[j], PAIR_WEIGHT, key, k);
      }
    }
    for (int i = 0; i < objects.length; i++) {
      if (turns(i)) {
        double angle = 4 * (tool[3] - objects[i][3]);
        double weight = TURN_WEIGHT * NEAR / (NEAR + distance(tool, objects[i]));
        key[k++] = (float) (weight * Math.cos(angle));
        key[k++] = (float) (weight * Math.sin(angle));
      }
    }
    for (int finger : fingers) {
      key[k++] = (float) (OPENING_WEIGHT * joint(seen, finger));
    }
  }

  private static int place(double[] of, double[] by, double weight, float[] key, int k) {
    double scale = weight * NEAR / (NEAR + distance(of, by));
    for (int i = 0; i < 3; i++) {
      key[k + i] = (float) (scale * (of[i] - by[i]));
    }
    return k + 3;
  }

  /** Between two poses' places, m. */
  static double distance(double[] a, double[] b) {
    double x = a[0] - b[0];
    double y = a[1] - b[1];
    double z = a[2] - b[2];
    return Math.sqrt(x * x + y * y + z * z);
  }

  /** The object that the tool is nearest to, but for one. */
  int nearest(int except) {
    return nearest(tool, except);
  }

  private int nearest(double[] place, int except) {
    int best = NOTHING;
    for (int i = 0; i < objects.length; i++) {
      if (i != except
          && (best == NOTHING || distance(place, objects[i]) < distance(place, objects[best]))) {
        best = i;
      }
    }
    return best;
  }

  /**
   * What the fingers hold, or are about to, where the tool is somewhere and a command closes them.
   *
   * @param place of the tool, x y z
   * @param seen the observation last looked at
   * @param command to every joint
   */
  int held(double[] place, float[] seen, double[] command) {
    int nearest = nearest(place, NOTHING);
    boolean within = distance(place, objects[nearest]) <= HELD_WITHIN;
    return within && closes(seen, command) ? nearest : NOTHING;
  }

  /** Whether a command has fingers close further than they are. */
  boolean closes(float[] seen, double[] command) {
    for (int finger : fingers) {
      if (command[finger] < joint(seen, finger) - PRESSED) {
        return true;
      }
    }
    return false;
  }

  /**
   * Puts into an observation where joints, tool and a thing will be.
   *
   * @param q every joint
   * @param pose of the tool, x y z qw qx qy qz
   * @param thing that goes with the tool; {@link #NOTHING} if none does
   * @param taken where the tool took it, x y z
   */
  void foresee(float[] seen, double[] q, double[] pose, int thing, double[] taken) {
    for (int i = 0; i < q.length; i++) {
      seen[jointsAt + i] = (float) q[i];
    }
    for (int i = 0; i < 3; i++) {
      seen[toolAt + i] = (float) pose[i];
      if (thing != NOTHING) {
        seen[objectAt[thing] + i] = (float) (objects[thing][i] + pose[i] - taken[i]);
      }
    }
    Rotations.firstTwoColumns(pose, 3, seen, toolTurnAt);
  }

  /** The same turn but for quarters, that of them nearest to another, rad. */
  static double quarterNearest(double angle, double to) {
    return angle + QUARTER * Math.rint((to - angle) / QUARTER);
  }
}
