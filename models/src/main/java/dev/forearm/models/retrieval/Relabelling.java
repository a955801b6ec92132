package dev.forearm.models.retrieval;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.List;

/**
 * What demonstrations would have had a policy do in steps of its own, and see follow: the labels of
 * dataset aggregation (<a href="https://arxiv.org/abs/1011.0686">Ross et al., 2011</a>), looked up
 * in place of asked of an expert. Nobody takes over; the policy's episodes stay its own.
 *
 * <p>The arm is foreseen to be where it is told to be. Things stay where they are, but for one that
 * the fingers close on, which goes with the tool. One thread's.
 */
public final class Relabelling {
  private final PolicySpec spec;
  private final RetrievalPolicy teacher;
  private final Scene scene;
  private final SerialChain chain;
  private final int[] imagined; // places in an observation
  private final Observation observation;
  private final Plan plan;

  /**
   * @param demonstrations as {@link RetrievalPolicy} wants them
   * @throws IllegalArgumentException if that cannot do with the spec
   * @throws ModelsFault if nothing is demonstrated
   */
  public Relabelling(PolicySpec spec, Robot robot, List<RecordedPlans> demonstrations) {
    this.spec = spec;
    teacher = new RetrievalPolicy(spec, robot, demonstrations);
    scene = new Scene(spec, robot);
    chain = new SerialChain(robot);
    imagined = spec.placesOf(spec.imagined());
    observation = new Observation(spec);
    plan = new Plan(spec);
  }

  /**
   * The samples of steps in which a learned policy drove and nothing was held, in order, each as if
   * the episode began with it.
   *
   * @param episode read with its commands
   * @param every of so many steps one is taken
   */
  public List<PlanSample> of(RecordedPlans episode, int every) {
    List<PlanSample> samples = new ArrayList<>();
    int step = 0;
    for (var entry : episode.observations().entrySet()) {
      double[] command = episode.commands().get(entry.getKey());
      float[] seen = entry.getValue();
      if (step++ % every == 0
          && command != null
          && episode.driver(entry.getKey()) instanceof Driver.Learned
          && !holds(seen, command)) {
        samples.add(relabelled(seen));
      }
    }
    return samples;
  }

  private boolean holds(float[] seen, double[] command) {
    scene.look(seen);
    return scene.held(scene.tool(), seen, command) != Scene.NOTHING;
  }

  private PlanSample relabelled(float[] seen) {
    System.arraycopy(seen, 0, observation.values(), 0, seen.length);
    teacher.reset();
    plan.clear();
    teacher.plan(observation, plan);
    double[] chunk = plan.actions().clone();
    return new PlanSample(seen, foreseen(seen, chunk), chunk);
  }

  /** What follows a chunk, if all goes well; past its end it stands still. */
  private float[] foreseen(float[] seen, double[] chunk) {
    float[] frames = new float[spec.frameSteps().size() * imagined.length];
    float[] future = seen.clone();
    double[] q = new double[chain.joints()];
    double[] pose = new double[7];
    double[] taken = new double[3];
    int thing = Scene.NOTHING;
    int at = 0;
    for (int step = 1; step <= spec.frameSteps().getLast(); step++) {
      System.arraycopy(chunk, (Math.min(step, spec.chunkSteps()) - 1) * q.length, q, 0, q.length);
      chain.toolPose(q, pose);
      if (thing == Scene.NOTHING) {
        thing = scene.held(pose, seen, q);
        System.arraycopy(pose, 0, taken, 0, taken.length);
      }
      if (spec.frameSteps().contains(step)) {
        scene.foresee(future, q, pose, thing, taken);
        for (int place : imagined) {
          frames[at++] = future[place];
        }
      }
    }
    return frames;
  }
}
