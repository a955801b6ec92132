package dev.forearm.models.retrieval;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.samples.EpisodeSteps;
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
 * the fingers hold or close on: it goes with the tool until it is let go of. One thread's.
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
   * The samples of steps in which a learned policy drove, in order, each as if the episode began
   * with it.
   *
   * @param episode read with its commands
   * @param every of so many steps one is taken
   * @throws ModelsFault if an observation is of another width
   */
  public List<PlanSample> of(RecordedPlans episode, int every) {
    EpisodeSteps steps = new EpisodeSteps(spec, episode);
    List<PlanSample> samples = new ArrayList<>();
    int step = 0;
    for (long stamp : episode.observations().keySet()) {
      double[] command = episode.commands().get(stamp);
      if (step++ % every == 0
          && command != null
          && episode.driver(stamp) instanceof Driver.Learned) {
        samples.add(relabelled(steps.seen(stamp), command));
      }
    }
    return samples;
  }

  private PlanSample relabelled(float[] seen, double[] command) {
    System.arraycopy(seen, 0, observation.values(), 0, seen.length);
    teacher.reset();
    plan.clear();
    teacher.plan(observation, plan);
    double[] chunk = plan.actions().clone();
    return new PlanSample(seen, foreseen(seen, command, chunk), chunk);
  }

  /** What follows a chunk, if all goes well; past its end it stands still. */
  private float[] foreseen(float[] seen, double[] command, double[] chunk) {
    float[] frames = new float[spec.frameSteps().size() * imagined.length];
    float[] future = seen.clone();
    double[] q = new double[chain.joints()];
    double[] pose = new double[7];
    scene.look(seen);
    double[] taken = scene.tool().clone();
    int held = scene.held(taken, seen, command);
    int thing = held;
    int at = 0;
    for (int step = 1; step <= spec.frameSteps().getLast(); step++) {
      System.arraycopy(chunk, (Math.min(step, spec.chunkSteps()) - 1) * q.length, q, 0, q.length);
      chain.toolPose(q, pose);
      if (thing == Scene.NOTHING) {
        thing = scene.held(pose, seen, q);
        System.arraycopy(pose, 0, taken, 0, 3);
      } else if (!scene.closes(seen, q)) {
        thing = Scene.NOTHING;
      }
      if (thing != Scene.NOTHING && thing == held) {
        for (int finger : scene.fingers()) {
          q[finger] = scene.joint(seen, finger); // it keeps them apart
        }
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
