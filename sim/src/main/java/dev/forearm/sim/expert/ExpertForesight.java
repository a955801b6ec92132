package dev.forearm.sim.expert;

import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.policy.WorldModel;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * A world model that knows: it imagines what the scripted expert would bring about from here. With
 * it in place of a learned one, what still fails is the actor's. Joints follow what they are told
 * by the servos' lag, the tool follows the joints, cubes follow the fingers that hold them, and all
 * else stands still; a cube does not fall, a button does not give way. Called by the inference
 * thread only; imagining allocates nothing.
 */
public final class ExpertForesight implements WorldModel {
  /** What an imagined feature is made of. */
  private sealed interface Part {
    record JointPosition() implements Part {}

    record JointVelocity() implements Part {}

    record ToolPosition() implements Part {}

    record ToolRotation() implements Part {}

    record CubePosition(Path cube) implements Part {}

    record CubeRotation(Path cube) implements Part {}

    record Still() implements Part {}
  }

  /** Something that the rollout moves: when it began, a step ago, now, and as it will be seen. */
  private static final class Path {
    final double[] now;
    final double[] begun;
    final double[] before;
    final double[] due;

    Path(double[] now) {
      this.now = now;
      begun = now.clone();
      before = now.clone();
      due = now.clone();
    }

    void lag(double part) {
      for (int i = 0; i < due.length; i++) {
        due[i] = now[i] + part * (before[i] - now[i]);
      }
    }
  }

  private final PolicySpec spec;
  private final Rollout rollout;
  private final SerialChain chain;
  private final double stepSeconds;
  private final double lagPart; // of a step
  private final Path joints;
  private final List<Path> paths = new ArrayList<>(); // joints first, then cubes
  private final double[] toolPose = new double[7];
  private final Part[] parts;
  private final int[] sizes;
  private final int[] places; // of each feature in the observation

  /**
   * @param robot with the joints, chain and rates of the tabletop arm
   * @param spec any that observes joints and the task's objects and imagines joints, tool and
   *     objects
   * @throws IllegalArgumentException if it lacks one of those or imagines something else
   */
  public ExpertForesight(Task task, Robot robot, PolicySpec spec) {
    this.spec = spec;
    rollout = new Rollout(task, robot, spec);
    chain = new SerialChain(robot);
    stepSeconds = spec.periodNanos() * 1e-9;
    lagPart = Math.min(1, Rollout.SERVO_LAG / stepSeconds);
    joints = new Path(new double[robot.jointCount()]);
    paths.add(joints);
    int features = spec.imagined().size();
    parts = new Part[features];
    sizes = new int[features];
    places = new int[features];
    for (int i = 0; i < features; i++) {
      Feature feature = imagined(spec.imagined().get(i));
      parts[i] = partOf(feature);
      sizes[i] = feature.size();
      places[i] = spec.offsetOf(feature.name());
    }
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void imagine(Observation observation, float[] imagined) {
    float[] seen = observation.values();
    rollout.begin(seen);
    rollout.copyReached(joints.now);
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      System.arraycopy(path.now, 0, path.begun, 0, path.now.length);
    }
    int step = 0;
    int at = 0;
    for (int frame = 0; frame < spec.frameSteps().size(); frame++) {
      for (; step < spec.frameSteps().get(frame); step++) {
        advance();
      }
      for (int i = 0; i < paths.size(); i++) {
        paths.get(i).lag(lagPart);
      }
      chain.toolPose(joints.due, toolPose);
      for (int i = 0; i < parts.length; i++) {
        write(parts[i], sizes[i], seen, places[i], imagined, at);
        at += sizes[i];
      }
    }
  }

  private void advance() {
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      System.arraycopy(path.now, 0, path.before, 0, path.now.length);
    }
    rollout.step();
    rollout.copyReached(joints.now);
  }

  private void write(Part part, int size, float[] seen, int place, float[] frame, int at) {
    switch (part) {
      case Part.JointPosition _ -> copy(joints.due, frame, at, size);
      case Part.JointVelocity _ -> {
        for (int i = 0; i < size; i++) {
          frame[at + i] = (float) ((joints.now[i] - joints.before[i]) / stepSeconds);
        }
      }
      case Part.ToolPosition _ -> copy(toolPose, frame, at, size);
      case Part.ToolRotation _ -> Rotations.firstTwoColumns(toolPose, 3, frame, at);
      case Part.CubePosition(Path cube) -> copy(cube.due, frame, at, size);
      case Part.CubeRotation(Path cube) ->
          turn(seen, place, cube.due[3] - cube.begun[3], frame, at, size);
      case Part.Still _ -> System.arraycopy(seen, place, frame, at, size);
    }
  }

  private static void copy(double[] from, float[] to, int offset, int count) {
    for (int i = 0; i < count; i++) {
      to[offset + i] = (float) from[i];
    }
  }

  /** Turns the columns of a rotation about the vertical. */
  private static void turn(float[] from, int place, double yaw, float[] to, int at, int size) {
    double c = Math.cos(yaw);
    double s = Math.sin(yaw);
    for (int column = 0; column < size; column += 3) {
      to[at + column] = (float) (c * from[place + column] - s * from[place + column + 1]);
      to[at + column + 1] = (float) (s * from[place + column] + c * from[place + column + 1]);
      to[at + column + 2] = from[place + column + 2];
    }
  }

  private Feature imagined(String name) {
    return spec.observation().stream()
        .filter(feature -> feature.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("feature '" + name + "' is not observed"));
  }

  private Part partOf(Feature feature) {
    return switch (feature.source()) {
      case Source.JointPosition _ -> new Part.JointPosition();
      case Source.JointVelocity _ -> new Part.JointVelocity();
      case Source.ToolPosition _ -> new Part.ToolPosition();
      case Source.ToolRotation _ -> new Part.ToolRotation();
      case Source.ObjectPosition(String object) -> moved(object, false);
      case Source.ObjectRotation(String object) -> moved(object, true);
      case Source.JointEffort _, Source.Image _, Source.TopicField _ ->
          throw new IllegalArgumentException(
              "the expert's foresight: feature '%s' comes from %s, wanted joint positions, joint velocities, the tool or an object"
                  .formatted(feature.name(), feature.source().text()));
    };
  }

  private Part moved(String object, boolean rotation) {
    return rollout
        .cube(object)
        .<Part>map(values -> {
          Path cube = new Path(values);
          paths.add(cube);
          return rotation ? new Part.CubeRotation(cube) : new Part.CubePosition(cube);
        })
        .orElseGet(Part.Still::new);
  }
}
