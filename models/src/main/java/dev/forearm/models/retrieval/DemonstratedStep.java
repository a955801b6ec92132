package dev.forearm.models.retrieval;

import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a demonstration, and what was handled in it: the thing that the fingers take next or,
 * while they hold one, that which it is let go of by; at last what the episode ends at. Whether
 * they hold anything is seen: they are told to close further than they can. Where the hand has just
 * taken or let go of something it is leaving, and handles nothing.
 *
 * @param key what tells the situation from others, as {@link Scene#key}
 * @param tool its pose then
 * @param path where the tool was told to go, [step][x y z yaw]
 * @param fingers where they were told to go, [step][joint]
 * @param thing what was handled; {@link Scene#NOTHING} where the hand was leaving
 * @param thingPose its pose then; zeros of nothing
 * @param goesOn whether it is the step after the one before it in its list
 */
@SuppressWarnings("ArrayRecordComponent") // looked at, never compared
record DemonstratedStep(
    float[] key,
    double[] tool,
    double[] path,
    double[] fingers,
    int thing,
    double[] thingPose,
    boolean goesOn) {
  private static final double LEFT = 0.07; // m from where something was taken or let go of

  /**
   * The steps of an episode that an expert or a person drove, in order.
   *
   * @param episode read with its commands
   */
  static List<DemonstratedStep> of(PolicySpec spec, Robot robot, RecordedPlans episode) {
    Scene scene = new Scene(spec, robot);
    SerialChain chain = new SerialChain(robot);
    List<Long> stamps = new ArrayList<>(episode.observations().keySet());
    int[] held = held(scene, episode, stamps);
    int[] handled = handled(scene, episode, stamps, held);
    List<DemonstratedStep> steps = new ArrayList<>();
    double @Nullable [] left = null;
    boolean goesOn = false;
    for (int i = 0; i < held.length; i++) {
      float[] seen = seen(episode, stamps.get(i));
      scene.look(seen);
      double[] tool = scene.tool().clone();
      if (i > 0 && held[i] != held[i - 1]) {
        left = tool;
      }
      if (left != null && Scene.distance(left, tool) > LEFT) {
        left = null;
      }
      double[] chunk = chunk(spec, episode, stamps, i);
      if (chunk != null) {
        float[] key = new float[scene.keyWidth()];
        scene.key(seen, key);
        int thing = left == null ? handled[i] : Scene.NOTHING;
        steps.add(
            new DemonstratedStep(
                key,
                tool,
                path(chain, chunk),
                fingers(chain.joints(), scene.fingers(), chunk),
                thing,
                thing == Scene.NOTHING ? new double[Scene.POSE] : scene.object(thing).clone(),
                goesOn));
      }
      goesOn = chunk != null;
    }
    return steps;
  }

  /** What is held at each step; something else for one step only is a flicker. */
  private static int[] held(Scene scene, RecordedPlans episode, List<Long> stamps) {
    int[] held = new int[stamps.size()];
    for (int i = 0; i < held.length; i++) {
      float[] seen = seen(episode, stamps.get(i));
      scene.look(seen);
      double[] command = episode.commands().get(stamps.get(i));
      held[i] = command == null ? Scene.NOTHING : scene.held(scene.tool(), seen, command);
    }
    for (int i = 1; i + 1 < held.length; i++) {
      if (held[i] != held[i - 1] && held[i + 1] == held[i - 1]) {
        held[i] = held[i - 1];
      }
    }
    return held;
  }

  /** What each step leads to: found from the end. */
  private static int[] handled(Scene scene, RecordedPlans episode, List<Long> stamps, int[] held) {
    int[] handled = new int[held.length];
    int last = held.length - 1;
    scene.look(seen(episode, stamps.get(last)));
    int next = scene.nearest(held[last]);
    for (int i = last; i >= 0; i--) {
      if (i < last && held[i + 1] != held[i]) {
        scene.look(seen(episode, stamps.get(i + 1)));
        next = held[i + 1] == Scene.NOTHING ? scene.nearest(held[i]) : held[i + 1];
      }
      handled[i] = next;
    }
    return handled;
  }

  private static float[] seen(RecordedPlans episode, long stamp) {
    return episode.observations().getOrDefault(stamp, new float[0]);
  }

  /** What was demonstrated from a step on: as it was planned or, by a person, executed. */
  private static double @Nullable [] chunk(
      PolicySpec spec, RecordedPlans episode, List<Long> stamps, int step) {
    long stamp = stamps.get(step);
    return switch (episode.driver(stamp)) {
      case Driver.Expert _ -> {
        double[] planned = episode.chunks().get(stamp);
        boolean whole =
            planned != null && planned.length == spec.chunkSteps() * spec.joints().size();
        yield whole ? planned : null;
      }
      case Driver.Human _ -> executed(spec, episode, stamps, step);
      case Driver.Learned _,
          Driver.Retrieval _,
          Driver.Recovery _,
          Driver.Nobody _,
          Driver.Unknown _ ->
          null;
    };
  }

  /** What was commanded after a step; past the episode's end the last of it. */
  private static double @Nullable [] executed(
      PolicySpec spec, RecordedPlans episode, List<Long> stamps, int step) {
    int joints = spec.joints().size();
    double[] chunk = new double[spec.chunkSteps() * joints];
    for (int k = 0; k < spec.chunkSteps(); k++) { // due one period after the other
      int due = Math.min(step + k + 1, stamps.size() - 1);
      double[] command = episode.commands().get(stamps.get(due));
      if (command == null) {
        return null;
      }
      System.arraycopy(command, 0, chunk, k * joints, joints);
    }
    episode.actuators().ifPresent(servos -> servos.toPositions(chunk));
    return chunk;
  }

  private static double[] path(SerialChain chain, double[] chunk) {
    int joints = chain.joints();
    double[] path = new double[chunk.length / joints * Scene.POSE];
    double[] pose = new double[7];
    for (int k = 0; k < chunk.length / joints; k++) {
      chain.toolPose(Arrays.copyOfRange(chunk, k * joints, (k + 1) * joints), pose);
      System.arraycopy(pose, 0, path, k * Scene.POSE, 3);
      path[k * Scene.POSE + 3] = Rotations.yaw(pose, 3);
    }
    return path;
  }

  private static double[] fingers(int joints, int[] fingers, double[] chunk) {
    double[] told = new double[chunk.length / joints * fingers.length];
    for (int i = 0; i < told.length; i++) {
      told[i] = chunk[i / fingers.length * joints + fingers[i % fingers.length]];
    }
    return told;
  }
}
