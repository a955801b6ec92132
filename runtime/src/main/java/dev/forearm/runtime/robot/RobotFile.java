package dev.forearm.runtime.robot;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.agent.Scheduling;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.runtime.robot.CommandRoute.GripperAction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Reads a robot file (YAML) into a {@link Robot}. */
public final class RobotFile {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int CONTROL_HZ_MIN = 100;
  private static final int CONTROL_HZ_MAX = 2000;

  private RobotFile() {}

  /**
   * Reads and validates a robot file.
   *
   * @throws RuntimeFault naming file, line, key and remedy if anything is missing or wrong
   */
  public static Robot read(Path file) {
    return ConfigFile.read(file, RobotFile::robot);
  }

  /** As {@link #read}, from text; {@code name} stands for the file in messages. */
  public static Robot parse(String text, String name) {
    return ConfigFile.parse(text, name, RobotFile::robot);
  }

  private static Robot robot(Section file) {
    List<Joint> joints = file.sections("joints").stream().map(RobotFile::joint).toList();
    Section chain = file.section("chain");
    Section rates = file.section("rates_hz");
    Section control = file.section("control");
    Section safety = file.section("safety");
    Topics topics = topics(file.section("topics"));
    return new Robot(
        file.text("name"),
        joints,
        file.sections("joint_groups").stream().map(RobotFile::group).toList(),
        chain.text("base_frame"),
        chain.text("tool_frame"),
        links(chain, joints),
        file.optionalSections("branches").stream().map(at -> branch(at, joints)).toList(),
        box(file.section("workspace")),
        file.optionalSections("keep_out").stream().map(RobotFile::box).toList(),
        file.optionalSection("self_collision").map(at -> selfCollision(at, joints)),
        topics,
        controlPeriodNanos(rates),
        periodNanos(rates, "policy"),
        timeouts(file.section("timeouts_ms")),
        nanos(control, "blend_ms"),
        chunkOrigin(control),
        controlThread(control),
        safety.number("action_slack"),
        safety.flag("resumes_by_itself"),
        file.optionalSection("foresight").map(RobotFile::foresight),
        file.optionalTexts("objects"),
        file.optionalSection("takeover").map(takeover -> takeover(takeover, chain)),
        file.optionalSection("hardware")
            .map(at -> hardware(at, joints.size()))
            .orElse(Hardware.NONE));
  }

  private static Joint joint(Section joint) {
    double[] position = joint.numbers("position", 2);
    return new Joint(
        joint.text("name"),
        unit(joint),
        position[0],
        position[1],
        joint.number("velocity_max"),
        joint.number("acceleration_max"),
        joint.optionalNumber("jerk_max"),
        joint.optionalNumber("tracking_error_max"),
        joint.optionalSection("velocity_taper").map(RobotFile::taper),
        joint.optionalSection("unit_map").map(UnitMap::read));
  }

  private static VelocityTaper taper(Section taper) {
    double[] position = taper.numbers("position", 2);
    return new VelocityTaper(
        taper.number("offset"), taper.number("deceleration"), position[0], position[1]);
  }

  private static JointUnit unit(Section joint) {
    String symbol = joint.text("unit");
    for (JointUnit unit : JointUnit.values()) {
      if (unit.symbol().equals(symbol)) {
        return unit;
      }
    }
    throw joint.fault("unit", "found '%s', wanted rad or m".formatted(symbol));
  }

  private static List<ChainLink> links(Section chain, List<Joint> joints) {
    List<ChainLink> links = new ArrayList<>();
    for (Section link : chain.sections("links")) {
      links.add(link(link, joints));
    }
    return links;
  }

  private static ChainLink link(Section link, List<Joint> joints) {
    double[] xyz = link.numbers("xyz", 3);
    double[] rpy = link.numbers("rpy_deg", 3);
    Optional<String> joint = link.optionalText("joint");
    double[] axis = joint.isPresent() ? link.numbers("axis", 3) : new double[3];
    return new ChainLink(
        xyz[0],
        xyz[1],
        xyz[2],
        Math.toRadians(rpy[0]),
        Math.toRadians(rpy[1]),
        Math.toRadians(rpy[2]),
        joint(link, joints),
        axis[0],
        axis[1],
        axis[2],
        link.optionalSection("mimic").map(RobotFile::mimic));
  }

  /** The index of the joint that a section names, or {@link ChainLink#FIXED}. */
  private static int joint(Section section, List<Joint> joints) {
    Optional<String> joint = section.optionalText("joint");
    int index =
        joint
            .map(name -> joints.stream().map(Joint::name).toList().indexOf(name))
            .orElse(ChainLink.FIXED);
    if (joint.isPresent() && index < 0) {
      throw section.fault("joint", "'%s' is not among the robot's joints".formatted(joint.get()));
    }
    return index;
  }

  private static ChainLink.Mimic mimic(Section mimic) {
    return new ChainLink.Mimic(
        mimic.number("multiplier"), mimic.number("offset"), mimic.flag("slides"));
  }

  private static Branch branch(Section branch, List<Joint> joints) {
    return new Branch(branch.text("frame"), branch.integer("after"), links(branch, joints));
  }

  private static Hardware hardware(Section hardware, int joints) {
    return new Hardware(
        hardware.optionalNumber("states_hz").map(RobotFile::nanosPerTurn),
        hardware.optionalFlag("states_best_effort").orElse(false),
        perJoint(hardware, "home", joints),
        perJoint(hardware, "effort_max", joints),
        perJoint(hardware, "mass_kg", joints),
        perJoint(hardware, "backlash", joints),
        hardware.optionalSection("slow_states").map(RobotFile::periodic),
        hardware.optionalText("program_running"),
        hardware.optionalSection("speed_scaling").map(RobotFile::periodic),
        hardware.optionalSection("controllers").map(RobotFile::controllers));
  }

  private static List<Double> perJoint(Section section, String key, int joints) {
    return section.has(key)
        ? DoubleStream.of(section.numbers(key, joints)).boxed().toList()
        : List.of();
  }

  private static Hardware.PeriodicTopic periodic(Section topic) {
    return new Hardware.PeriodicTopic(topic.text("topic"), periodNanos(topic, "rate_hz"));
  }

  private static Hardware.Controllers controllers(Section controllers) {
    return new Hardware.Controllers(
        controllers.text("manager"),
        controllers.optionalFlag("switch").orElse(false),
        controllers.optionalTexts("active"));
  }

  private static WorkspaceBox box(Section box) {
    double[] min = box.numbers("min_m", 3);
    double[] max = box.numbers("max_m", 3);
    return new WorkspaceBox(min[0], max[0], min[1], max[1], min[2], max[2]);
  }

  private static SelfCollision selfCollision(Section section, List<Joint> joints) {
    return new SelfCollision(
        section.number("distance_min_m"),
        section.sections("capsules").stream().map(at -> capsule(at, joints)).toList(),
        section.optionalSections("ignore").stream()
            .map(pair -> new SelfCollision.Pair(pair.text("one"), pair.text("other")))
            .toList());
  }

  private static SelfCollision.Capsule capsule(Section capsule, List<Joint> joints) {
    return new SelfCollision.Capsule(
        capsule.text("body"),
        joint(capsule, joints),
        DoubleStream.of(capsule.numbers("from_m", 3)).boxed().toList(),
        DoubleStream.of(capsule.numbers("to_m", 3)).boxed().toList(),
        capsule.number("radius_m"));
  }

  private static JointGroup group(Section group) {
    return new JointGroup(
        group.text("name"),
        group.texts("joints"),
        group.text("states"),
        group.optionalNumber("states_hz").map(RobotFile::nanosPerTurn),
        route(group.section("command")),
        group.optionalText("controller"));
  }

  private static CommandRoute route(Section command) {
    long periodNanos = periodNanos(command, "rate_hz");
    String form = command.text("form");
    if (command.has("action")) {
      return goals(command, form, periodNanos);
    }
    String topic = command.text("topic");
    return switch (form) {
      case "positions" -> new CommandRoute.Positions(topic, periodNanos);
      case "trajectory" -> new CommandRoute.Trajectory(topic, periodNanos);
      case "twist" ->
          new CommandRoute.Twist(
              topic,
              periodNanos,
              command.text("frame"),
              command
                  .optionalSection("scale")
                  .map(at -> new TwistScale(at.number("linear"), at.number("angular"))),
              command.optionalSection("correction").map(RobotFile::correction));
      default ->
          throw command.fault(
              "form",
              "found '%s', wanted positions, trajectory or twist on a topic".formatted(form));
    };
  }

  private static TwistCorrection correction(Section correction) {
    return new TwistCorrection(
        correction.number("gain"),
        nanos(correction, "lag_ms"),
        correction.number("linear_max"),
        correction.number("angular_max"));
  }

  private static CommandRoute goals(Section command, String form, long periodNanos) {
    String action = command.text("action");
    double changeMin = command.number("change_min");
    if (!(changeMin > 0)) {
      throw command.fault("change_min", "found %s, wanted more than 0".formatted(changeMin));
    }
    return switch (form) {
      case "trajectory" -> new CommandRoute.TrajectoryGoals(action, periodNanos, changeMin);
      case "gripper" -> gripper(command, GripperAction.COMMAND, action, periodNanos, changeMin);
      case "parallel_gripper" ->
          gripper(command, GripperAction.PARALLEL, action, periodNanos, changeMin);
      default ->
          throw command.fault(
              "form",
              "found '%s', wanted trajectory, gripper or parallel_gripper of an action"
                  .formatted(form));
    };
  }

  private static CommandRoute gripper(
      Section command, GripperAction type, String action, long periodNanos, double changeMin) {
    return new CommandRoute.GripperGoals(
        action, periodNanos, changeMin, command.number("effort_max"), type);
  }

  private static Topics topics(Section topics) {
    for (String key : List.of("joint_states", "commands", "joint_trajectory", "command_form")) {
      if (topics.has(key)) {
        throw topics.fault(
            key,
            "unknown key; joint_groups lists the joints of each controller with their states and"
                + " command topics");
      }
    }
    return new Topics(
        topics.text("objects"),
        topics.text("object_names"),
        topics.optionalTexts("images"),
        topics.optionalTexts("depth_images"),
        topics.optionalFlag("transforms").orElse(false),
        topics.optionalSections("recorded").stream()
            .map(other -> new Topics.Recorded(other.text("topic"), other.text("type")))
            .toList());
  }

  private static Timeouts timeouts(Section timeouts) {
    return new Timeouts(
        nanos(timeouts, "joint_state"),
        nanos(timeouts, "observation"),
        nanos(timeouts, "chunk"),
        timeouts.has("tracking_error") ? nanos(timeouts, "tracking_error") : Long.MAX_VALUE,
        nanos(timeouts, "ramp_down"));
  }

  private static ChunkOrigin chunkOrigin(Section control) {
    String found = control.optionalText("chunk_origin").orElse(ChunkOrigin.JOINT_STATES.word());
    for (ChunkOrigin origin : ChunkOrigin.values()) {
      if (origin.word().equals(found)) {
        return origin;
      }
    }
    throw control.fault(
        "chunk_origin", "found '%s', wanted joint_states, oldest or assembly".formatted(found));
  }

  private static ControlThread controlThread(Section control) {
    try {
      return new ControlThread(
          pacing(control),
          new Scheduling(
              control
                  .optionalInteger("fifo_priority")
                  .orElse(ControlThread.DEFAULT.scheduling().fifoPriority()),
              control.optionalTexts("processors").stream().map(Integer::valueOf).toList()));
    } catch (NumberFormatException e) {
      throw control.fault("processors", "wanted whole numbers; " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw control.fault("fifo_priority", String.valueOf(e.getMessage()));
    }
  }

  private static Pacing pacing(Section control) {
    String found = control.optionalText("pacing").orElse(Pacing.CLOCK.word());
    for (Pacing pacing : Pacing.values()) {
      if (pacing.word().equals(found)) {
        return pacing;
      }
    }
    throw control.fault("pacing", "found '%s', wanted clock or joint_states".formatted(found));
  }

  private static ForesightResponse foresight(Section foresight) {
    for (String key : List.of("shorten_above", "hold_above", "resume_below")) {
      if (foresight.has(key)) {
        throw foresight.fault(
            key, "unknown key; limits are calibrated, with 'forearm foresight calibrate'");
      }
    }
    return new ForesightResponse(
        foresight.integer("shortened_steps"),
        foresight.integer("hold_steps"),
        foresight.integer("skip_steps"));
  }

  private static Takeover takeover(Section takeover, Section chain) {
    String frame = takeover.text("twist_frame");
    if (!List.of(chain.text("base_frame"), chain.text("tool_frame")).contains(frame)) {
      throw takeover.fault(
          "twist_frame",
          "found '%s', wanted %s or %s"
              .formatted(frame, chain.text("base_frame"), chain.text("tool_frame")));
    }
    return new Takeover(
        takeover.text("person"),
        takeover.text("joint_targets"),
        takeover.text("twist"),
        frame,
        takeover.number("linear_max"),
        takeover.number("angular_max"),
        takeover.number("speed_share"),
        nanos(takeover, "timeout_ms"));
  }

  private static long controlPeriodNanos(Section rates) {
    double hertz = rates.number("control");
    if (!(hertz >= CONTROL_HZ_MIN && hertz <= CONTROL_HZ_MAX)) {
      throw rates.fault(
          "control",
          "found %s Hz, wanted %s to %s".formatted(hertz, CONTROL_HZ_MIN, CONTROL_HZ_MAX));
    }
    return periodNanos(rates, "control");
  }

  private static long periodNanos(Section rates, String key) {
    double hertz = rates.number(key);
    if (!(hertz > 0)) {
      throw rates.fault(key, "found %s, wanted a positive rate".formatted(hertz));
    }
    return nanosPerTurn(hertz);
  }

  private static long nanosPerTurn(double hertz) {
    return Math.round(NANOS_PER_SECOND / hertz);
  }

  private static long nanos(Section section, String key) {
    return Math.round(section.number(key) * 1e6);
  }
}
