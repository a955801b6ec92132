package dev.forearm.models.bundle;

import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.UnitMap;
import dev.forearm.runtime.robot.WorkspaceBox;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code bundle.yaml} says; read by {@link ManifestReader}, consistent with itself.
 *
 * @param name the bundle's name, for people
 * @param task the task it was made for
 * @param robotName the robot it was made for
 * @param robotModelSha256 hash of the robot's model, if it must match
 * @param calibrationSha256 hash of the robot's calibration, if it must match
 * @param workspace the workspace that it was trained in
 * @param controlPeriodNanos control period of the robot that it was trained on
 * @param spec observation, imagination and action
 * @param jointUnits unit of each joint of an action, in order
 * @param unitMaps the unit in which the bundle's files speak of each joint, where it is another
 * @param jointRanges range of each joint that the policy may command, in order
 * @param imaginedRelative whether frames are imagined as differences to the observation
 * @param actionRelative whether actions are differences to the observed joint positions
 * @param worldModel the graph that imagines
 * @param actor the graph that acts
 * @param weights file of the weights of both graphs
 * @param statistics file of the normalisation
 * @param probe file of an input and the output that it must give
 * @param foresight file of the limits of its foresight, if it was calibrated
 * @param choice how it chooses among what it could imagine, if it does
 * @param actuators file of what is known of the servos of the robot at work, if any
 * @param parameters names in {@code weights} by initializer name, where they differ
 * @param parent SHA-256 of the bundle that this one was trained from
 * @param madeBy how it was made, for people
 */
public record Manifest(
    String name,
    String task,
    String robotName,
    Optional<String> robotModelSha256,
    Optional<String> calibrationSha256,
    WorkspaceBox workspace,
    long controlPeriodNanos,
    PolicySpec spec,
    List<JointUnit> jointUnits,
    List<Optional<UnitMap>> unitMaps,
    List<Range> jointRanges,
    boolean imaginedRelative,
    boolean actionRelative,
    GraphFile worldModel,
    GraphFile actor,
    String weights,
    String statistics,
    String probe,
    Optional<String> foresight,
    Optional<Choice> choice,
    Optional<String> actuators,
    Map<String, String> parameters,
    Optional<String> parent,
    Map<String, String> madeBy) {

  /**
   * How a policy chooses among what it could imagine.
   *
   * @param file of the graph that tells what that is, and what each is worth
   * @param plans for which a choice holds
   */
  public record Choice(String file, int plans) {
    public Choice {
      if (plans < 1) {
        throw new IllegalArgumentException(
            "choice: plans is %s, wanted 1 or more".formatted(plans));
      }
    }
  }

  public Manifest {
    jointUnits = List.copyOf(jointUnits);
    unitMaps = List.copyOf(unitMaps);
    jointRanges = List.copyOf(jointRanges);
    parameters = Map.copyOf(parameters);
    madeBy = Map.copyOf(madeBy);
    int observed = spec.placesOfSource(new Source.JointPosition()).length;
    if (actionRelative && observed != spec.joints().size()) {
      throw new IllegalArgumentException(
          "actions are relative to joint_position, found %s observed joint positions, wanted %s; add the feature or set relative_to: nothing"
              .formatted(observed, spec.joints().size()));
    }
    if (worldModel.prefix() > 0) {
      throw new IllegalArgumentException(
          "graphs, world_model: found prefix: %s, wanted none; it is the actor that may be told of committed actions"
              .formatted(worldModel.prefix()));
    }
    if (actor.prefix() > spec.chunkSteps()) {
      throw new IllegalArgumentException(
          "graphs, actor: found prefix: %s, wanted at most the %s steps of a chunk"
              .formatted(actor.prefix(), spec.chunkSteps()));
    }
  }

  /** Actions that are executed whatever is planned, as many as the actor can be told of. */
  public int prefixSteps() {
    return actor.prefix();
  }

  /** The graphs of a half. */
  public GraphFile graph(Bundle.Half half) {
    return switch (half) {
      case WORLD_MODEL -> worldModel;
      case ACTOR -> actor;
    };
  }

  /**
   * Positions of one joint that the policy may command: those it was trained on, and a little more.
   *
   * @param min lowest, rad or m
   * @param max highest, rad or m
   */
  public record Range(double min, double max) {
    public Range {
      if (!(min < max)) {
        throw new IllegalArgumentException("range %s to %s is empty".formatted(min, max));
      }
    }
  }

  /**
   * A float32 tensor beside what a half sees and gives.
   *
   * @param shape sizes, outermost first
   */
  public record Port(String name, List<Long> shape) {
    public Port {
      shape = List.copyOf(shape);
    }

    /** Its shape as ONNX Runtime takes it. */
    public long[] sizes() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /**
   * One half's graphs.
   *
   * @param file the graph that runs
   * @param trainFile the graph that is trained, if the bundle has it
   * @param gradients file of a point and the gradients that the trained graph has there, if any
   * @param state what goes from plan to plan: input {@code NAME_in}, output {@code NAME_out}; zero
   *     when an episode begins
   * @param noise inputs that are standard normal numbers, others in each plan
   * @param prefix of how many actions that are executed whatever is planned it can be told, by
   *     inputs {@code prefix [1, prefix, joints]} and {@code prefix_mask [1, prefix]}; 0: it has no
   *     such inputs
   */
  public record GraphFile(
      String file,
      Optional<String> trainFile,
      Optional<String> gradients,
      List<Port> state,
      List<Port> noise,
      int prefix) {
    public GraphFile {
      state = List.copyOf(state);
      noise = List.copyOf(noise);
    }

    /** Whether a file is one of the two. */
    boolean is(String name) {
      return file.equals(name) || trainFile.filter(name::equals).isPresent();
    }
  }
}
