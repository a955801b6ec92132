package dev.forearm.models.retrieval;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.kinematics.InverseKinematics;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.PolicyState;
import dev.forearm.runtime.robot.Robot;
import java.util.List;
import java.util.Map;

/**
 * Does what was demonstrated in the situation most like this one, where things are now: the tool
 * takes the path that it was told then, moved and turned as the handled thing has been, and comes
 * onto it at about the speed of a demonstration; fingers do as they did. Where the hand was leaving
 * something the path begins where the tool is.
 *
 * <p>It remembers one thing, which step it did last: it goes on with the same demonstration while
 * that is nearly as much like this as any. Without that it would hover between two of them.
 *
 * <p>For a tool that points straight down. Owned by the inference thread; plans without allocating.
 */
public final class RetrievalPolicy implements Policy {
  private static final Driver DRIVER = new Driver.Retrieval();
  private static final String LAST = "last_step"; // name of its memory
  private static final int NONE = -1;

  private static final double SPEED = 0.15; // m/s onto the path
  private static final double TURN_SPEED = 1; // rad/s
  private static final float STAYS_WITHIN = 2; // times the least squared distance
  private static final float ALIKE = 4e-6f; // squared distance of what is as good as the same

  private static final int SPARE_JOINT = 2; // as the scripted expert's
  private static final int FIRST_ITERATIONS = 6;
  private static final int ITERATIONS = 3;

  private final PolicySpec spec;
  private final Scene scene;
  private final InverseKinematics inverse;
  private final double stepSeconds;
  private final DemonstratedStep[] steps;
  private final float[] key;
  private final double[] q;
  private final double[] shift = new double[Scene.POSE]; // of the path
  private final double[] gap = new double[Scene.POSE]; // between tool and shifted path
  private int last = NONE;

  /**
   * @param spec of what it sees and commands: tool, joints and objects, every joint of the robot
   * @param demonstrations read with their commands; of those that succeeded, what an expert or a
   *     person did
   * @throws IllegalArgumentException if the spec lacks one of these
   * @throws ModelsFault if nothing is demonstrated
   */
  public RetrievalPolicy(PolicySpec spec, Robot robot, List<RecordedPlans> demonstrations) {
    if (!spec.joints().equals(robot.jointNames())) {
      throw new IllegalArgumentException(
          "retrieval: found action joints %s, wanted the robot's %s"
              .formatted(spec.joints(), robot.jointNames()));
    }
    this.spec = spec;
    scene = new Scene(spec, robot);
    inverse = new InverseKinematics(robot, SPARE_JOINT);
    stepSeconds = spec.periodNanos() * 1e-9;
    steps =
        demonstrations.stream()
            .filter(RecordedPlans::succeeded)
            .flatMap(episode -> DemonstratedStep.of(spec, robot, episode).stream())
            .toArray(DemonstratedStep[]::new);
    if (steps.length == 0) {
      throw new ModelsFault(
          "retrieval: %s episodes, and in none that succeeded did an expert or a person drive; record some with 'forearm record'"
              .formatted(demonstrations.size()));
    }
    key = new float[scene.keyWidth()];
    q = new double[robot.jointCount()];
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {
    last = NONE;
  }

  @Override
  public PolicyState freeze() {
    return new PolicyState(0, 0, Map.of(LAST, new float[] {last}));
  }

  @Override
  public void thaw(PolicyState state) {
    float[] memory = state.memory().getOrDefault(LAST, new float[] {NONE});
    last = (int) memory[0];
    if (last < NONE || last >= steps.length) {
      throw new IllegalArgumentException(
          "thaw: found step %s, but %s are demonstrated".formatted(last, steps.length));
    }
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    plan.imagines(false);
    plan.driver(DRIVER);
    float[] seen = observation.values();
    scene.look(seen);
    scene.key(seen, key);
    last = choose();
    DemonstratedStep like = steps[last];
    carryOver(like);
    for (int joint = 0; joint < q.length; joint++) {
      q[joint] = scene.joint(seen, joint);
    }
    double away = Math.sqrt(gap[0] * gap[0] + gap[1] * gap[1] + gap[2] * gap[2]);
    double[] path = like.path();
    int[] fingers = scene.fingers();
    for (int k = 0; k < spec.chunkSteps(); k++) {
      double part = remaining(away, SPEED * (k + 1) * stepSeconds);
      double turnPart = remaining(Math.abs(gap[3]), TURN_SPEED * (k + 1) * stepSeconds);
      int at = k * Scene.POSE;
      inverse.solve(
          q,
          path[at] + shift[0] + part * gap[0],
          path[at + 1] + shift[1] + part * gap[1],
          path[at + 2] + shift[2] + part * gap[2],
          path[at + 3] + shift[3] + turnPart * gap[3],
          k == 0 ? FIRST_ITERATIONS : ITERATIONS);
      for (int i = 0; i < fingers.length; i++) {
        q[fingers[i]] = like.fingers()[k * fingers.length + i];
      }
      System.arraycopy(q, 0, plan.actions(), k * q.length, q.length);
    }
  }

  /** Part of a way that is left after some of it. */
  private static double remaining(double way, double gone) {
    return gone >= way ? 0 : 1 - gone / way;
  }

  /** The step most like this, or the one after the last if that is nearly so. */
  private int choose() {
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int i = 0; i < steps.length; i++) {
      float distance = squaredDistance(steps[i], least);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    int next = last + 1;
    if (last != NONE && next < steps.length && steps[next].goesOn()) {
      float bound = STAYS_WITHIN * least + ALIKE;
      if (squaredDistance(steps[next], bound) < bound) {
        return next;
      }
    }
    return best;
  }

  /** As far as it is below a bound. */
  private float squaredDistance(DemonstratedStep step, float bound) {
    float sum = 0;
    float[] other = step.key();
    for (int i = 0; i < key.length && sum < bound; i++) {
      float difference = key[i] - other[i];
      sum += difference * difference;
    }
    return sum;
  }

  /** How far the path is moved and turned, and how far the tool then is from where it was. */
  private void carryOver(DemonstratedStep like) {
    boolean leaving = like.thing() == Scene.NOTHING;
    double[] now = leaving ? scene.tool() : scene.object(like.thing());
    double[] then = leaving ? like.tool() : like.thingPose();
    for (int i = 0; i < Scene.POSE; i++) {
      shift[i] = now[i] - then[i];
    }
    if (!leaving && scene.turns(like.thing())) {
      shift[3] = Scene.quarterNearest(shift[3], scene.tool()[3] - like.tool()[3]);
    }
    for (int i = 0; i < Scene.POSE; i++) {
      gap[i] = scene.tool()[i] - like.tool()[i] - shift[i];
    }
  }
}
