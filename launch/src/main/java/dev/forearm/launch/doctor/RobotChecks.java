package dev.forearm.launch.doctor;

import dev.forearm.launch.House;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.robot.ControllerStanding;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.Hardware;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.urdf.DescribedLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is to be said of a robot before it moves, by what was heard of it. */
final class RobotChecks {
  private static final double FULL_SPEED_PERCENT = 99.5;
  private static final double CLOCKS_APART_NANOS = 50e6;
  private static final double ROUNDING = 1e-6; // of a limit, rad or m
  private static final double BEYOND = 0.1; // of a joint's range: somebody moved it by hand
  private static final double NANOS_PER_MS = 1e6;
  private static final String MOCK_HARDWARE = "mock_components/"; // a plugin's name in the URDF

  private final Robot robot;
  private final RobotLook look;
  private final long nowNanos;
  private final long rosFromClockNanos;
  private final Map<String, Double> seen = new LinkedHashMap<>(); // positions on the right topics

  /**
   * @param nowNanos on the transport's clock
   * @param rosFromClockNanos what to add to that clock for this machine's ROS time
   */
  RobotChecks(Robot robot, RobotLook look, long nowNanos, long rosFromClockNanos) {
    this.robot = robot;
    this.look = look;
    this.nowNanos = nowNanos;
    this.rosFromClockNanos = rosFromClockNanos;
    for (JointGroup group : robot.groups()) {
      watch(group)
          .positions()
          .forEach((joint, position) -> {
            if (group.joints().contains(joint)) {
              seen.put(joint, position);
            }
          });
    }
  }

  List<Finding> all() {
    List<Finding> findings = new ArrayList<>();
    findings.add(identity());
    for (JointGroup group : robot.groups()) {
      findings.add(states(group));
      findings.add(quality(group));
      findings.add(controller(group));
      findings.add(commanders(group));
    }
    robot.hardware().controllers().map(this::controllers).ifPresent(findings::add);
    findings.add(limits());
    robot.hardware().programRunning().map(this::program).ifPresent(findings::add);
    robot.hardware().speedScaling().map(this::speed).ifPresent(findings::add);
    findings.add(clock());
    findings.add(units());
    findings.add(gripper());
    return findings;
  }

  private StateWatch watch(JointGroup group) {
    return Objects.requireNonNull(look.states().get(group.states()));
  }

  /** By the joints' names alone: topics are somebody's choice. */
  private Finding identity() {
    TreeSet<String> names = new TreeSet<>();
    look.states().values().forEach(watch -> names.addAll(watch.positions().keySet()));
    if (names.isEmpty()) {
      return Finding.missing(
          "robot",
          "no joint states on any topic",
          "start the robot's driver; look at ROS_DOMAIN_ID, --interface and --namespace");
    }
    if (names.containsAll(robot.jointNames())) {
      return Finding.ok("robot", "joints of '%s': %s".formatted(robot.name(), robot.jointNames()));
    }
    String others =
        House.robots().stream()
            .filter(other -> !other.equals(robot.name()))
            .filter(other -> names.containsAll(House.robot(other).jointNames()))
            .map(other -> "these are the joints of '%s': use --robot %s".formatted(other, other))
            .findFirst()
            .orElse("correct the joints' names in the robot file, or start the right driver");
    List<String> absent =
        robot.jointNames().stream().filter(joint -> !names.contains(joint)).toList();
    return Finding.missing("robot", "joints %s, but no %s".formatted(names, absent), others);
  }

  private Finding states(JointGroup group) {
    StateWatch watch = watch(group);
    String subject = "joint states";
    double wanted = 1e9 / group.statesNanos().orElse(robot.controlPeriodNanos());
    Optional<String> better = fasterStates(group, Math.max(watch.hertz(), wanted / 2));
    String instead =
        better
            .map(topic -> "use states: %s in the robot file".formatted(topic))
            .orElse("raise the rate of the driver's joint_state_broadcaster (update_rate)");
    if (watch.silent()) {
      return Finding.missing(
          subject,
          "%s: nothing comes, from %s publishers"
              .formatted(
                  group.states(), look.endpoints(Endpoint.Role.PUBLISHER, group.states()).size()),
          better.isPresent() ? instead : "start the joint_state_broadcaster");
    }
    long ageNanos = Math.max(0, nowNanos - watch.lastNanos()); // one may just have come
    String found =
        "%s: %s Hz, the newest %s ms old%s"
            .formatted(
                group.states(),
                number(watch.hertz()),
                number(ageNanos / NANOS_PER_MS),
                watch.tellsVelocities() ? "" : ", without velocities");
    if (watch.publishers() > 1) {
      return Finding.missing(
          subject, found + ", of " + watch.publishers() + " publishers", "stop all but one");
    }
    if (watch.hertz() < wanted / 2) {
      return Finding.missing(
          subject, found + ", too seldom to control at " + number(wanted) + " Hz", instead);
    }
    if (ageNanos > robot.statesTimeoutNanos(group)) {
      return Finding.missing(subject, found, "the driver stopped; start it again");
    }
    return watch.hertz() < 0.9 * wanted
        ? Finding.less(subject, found + ", control runs at " + number(wanted) + " Hz", instead)
        : Finding.ok(subject, found);
  }

  /** Another topic that tells of all these joints, and more often. */
  private Optional<String> fasterStates(JointGroup group, double hertz) {
    return look.states().entrySet().stream()
        .filter(other -> !other.getKey().equals(group.states()))
        .filter(other -> other.getValue().hertz() > hertz)
        .filter(other -> other.getValue().positions().keySet().containsAll(group.joints()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Finding quality(JointGroup group) {
    List<String> found = new ArrayList<>();
    List<String> deaf = new ArrayList<>();
    for (Endpoint offered : look.endpoints(Endpoint.Role.PUBLISHER, group.states())) {
      found.add("states " + words(offered)); // best effort and volatile asks for nothing
      if (!offered.type().equals("sensor_msgs/msg/JointState")) {
        deaf.add(group.states() + " carries " + offered.type());
      }
    }
    String type = RobotLook.typeOf(group.command()).map(MessageType::name).orElse("goals");
    for (Endpoint asked : look.endpoints(Endpoint.Role.SUBSCRIBER, group.command().topic())) {
      found.add("commands asked for " + words(asked));
      if (!asked.type().equals(type)) {
        deaf.add(
            "%s takes %s, sent would be %s".formatted(group.command().topic(), asked.type(), type));
      }
      if (asked.durability() == Qos.Durability.TRANSIENT_LOCAL) {
        deaf.add(group.command().topic() + " wants latched commands, sent would be others");
      }
    }
    return deaf.isEmpty()
        ? Finding.ok(
            "matching",
            found.isEmpty()
                ? "nothing known of the other ends"
                : String.join(", ", new TreeSet<>(found)))
        : Finding.missing(
            "matching",
            String.join("; ", deaf),
            "correct topic or form of joint group '%s'".formatted(group.name()));
  }

  private static String words(Endpoint endpoint) {
    return (endpoint.reliability() + " " + endpoint.durability())
        .toLowerCase(Locale.ROOT)
        .replace('_', ' ');
  }

  /** The doctor's own subscription, which counts the commanders, is not one that obeys. */
  private Finding controller(JointGroup group) {
    CommandRoute route = group.command();
    Optional<MessageType> type = RobotLook.typeOf(route);
    if (type.isEmpty()) {
      return action(route);
    }
    String name = route.topic().replaceFirst("/[^/]*$", "");
    String activate =
        route instanceof CommandRoute.Twist
            ? "start the servo that takes twists"
            : "load and activate it: ros2 control set_controller_state %s active"
                .formatted(name.substring(name.lastIndexOf('/') + 1));
    int takers = look.endpoints(Endpoint.Role.SUBSCRIBER, route.topic()).size() - 1;
    if (takers > 0) {
      return Finding.ok(
          "controller",
          "%s is listened to%s"
              .formatted(
                  route.topic(),
                  look.controllers().isPresent()
                      ? ""
                      : "; whether its controller is active: ros2 control list_controllers"));
    }
    List<String> others = look.takers(type.get());
    return Finding.missing(
        "controller",
        "nobody listens to %s%s"
            .formatted(route.topic(), others.isEmpty() ? "" : ", but to " + others),
        others.isEmpty() ? activate : activate + ", or name another in the robot file");
  }

  private Finding action(CommandRoute route) {
    if (!look.endpoints(Endpoint.Role.PUBLISHER, route.topic() + "/_action/status").isEmpty()) {
      return Finding.ok("controller", route.topic() + " takes goals");
    }
    String found = "nobody takes goals of the action " + route.topic();
    return route instanceof CommandRoute.GripperGoals
        ? Finding.less("controller", found, "start the gripper's node; the arm runs without")
        : Finding.missing(
            "controller", found, "activate its controller, or name another in the robot file");
  }

  private Finding controllers(Hardware.Controllers known) {
    String subject = "controllers";
    if (look.controllersFault().isPresent()) {
      return Finding.less(
          subject,
          "which are active is not known: " + look.controllersFault().get(),
          "have ros2_control's messages as of 4.28, Jazzy's of April 2025, or later on both ends");
    }
    if (look.controllers().isEmpty()) {
      return Finding.less(
          subject,
          "no answer of %s, which are active is not known".formatted(known.manager()),
          "start the driver's controller_manager, or correct its name in the robot file");
    }
    ControllerStanding now = ControllerStanding.of(robot, look.controllers().get());
    if (!now.absent().isEmpty()) {
      return Finding.missing(
          subject,
          "%s does not have %s".formatted(known.manager(), now.absent()),
          "load and configure it: ros2 control load_controller --set-state inactive NAME");
    }
    if (now.inactive().isEmpty()) {
      return Finding.ok(
          subject, now.active().isEmpty() ? "none is wanted" : now.active() + " active");
    }
    String found =
        "%s inactive%s"
            .formatted(
                now.inactive(),
                now.inTheWay().isEmpty() ? "" : ", its joints are %s's".formatted(now.inTheWay()));
    return known.switches()
        ? Finding.ok(subject, found + "; 'run' will switch, as the robot file asks for")
        : Finding.missing(
            subject,
            found,
            "have 'run' switch (hardware.controllers: switch: true), or: ros2 control"
                + " switch_controllers --activate %s%s"
                    .formatted(
                        String.join(" ", now.inactive()),
                        now.inTheWay().isEmpty()
                            ? ""
                            : " --deactivate " + String.join(" ", now.inTheWay())));
  }

  private Finding commanders(JointGroup group) {
    String topic = group.command().topic();
    if (group.command() instanceof CommandRoute.Goals) {
      int clients = look.endpoints(Endpoint.Role.SUBSCRIBER, topic + "/_action/feedback").size();
      return clients == 0
          ? Finding.ok("other commanders", "none of the action " + topic)
          : Finding.missing(
              "other commanders",
              "%s have a client of the action %s".formatted(clients, topic),
              "stop them; ros2 action info tells who they are");
    }
    int commanders = look.commanders(topic);
    return commanders == 0
        ? Finding.ok("other commanders", "none on " + topic)
        : Finding.missing(
            "other commanders",
            "%s publish on %s".formatted(commanders, topic),
            "stop them; ros2 topic info -v tells who they are");
  }

  private Finding limits() {
    Optional<String> description = look.description();
    if (description.isEmpty()) {
      return Finding.less(
          "limits",
          "no robot_description to compare the robot file with",
          "start robot_state_publisher, or compare by hand");
    }
    Map<String, DescribedLimits> theirs;
    try {
      theirs = DescribedLimits.of(description.get(), "robot_description");
    } catch (RuntimeFault fault) {
      return Finding.less("limits", String.valueOf(fault.getMessage()), "compare them by hand");
    }
    List<String> wider = new ArrayList<>();
    for (Joint joint : robot.joints()) {
      DescribedLimits its = theirs.get(joint.name());
      if (its == null) {
        wider.add("%s is not described".formatted(joint.name()));
      } else if (joint.positionMin() < its.positionMin() - ROUNDING
          || joint.positionMax() > its.positionMax() + ROUNDING) {
        wider.add(
            "%s: position [%s, %s] exceeds the driver's [%s, %s]"
                .formatted(
                    joint.name(),
                    joint.positionMin(),
                    joint.positionMax(),
                    its.positionMin(),
                    its.positionMax()));
      } else if (joint.velocityMax() > its.velocityMax() + ROUNDING) {
        wider.add(
            "%s: velocity_max %s exceeds the driver's %s"
                .formatted(joint.name(), joint.velocityMax(), its.velocityMax()));
      }
    }
    return wider.isEmpty()
        ? Finding.ok("limits", "none wider than those of robot_description")
        : Finding.missing("limits", String.join("; ", wider), "narrow them in the robot file");
  }

  /** A driver of ros2_control tells of its program when that begins and ends, and not before. */
  private Finding program(String topic) {
    Optional<Boolean> running = look.programRunning();
    if (running.orElse(false)) {
      return Finding.ok("program", "runs");
    }
    if (running.isEmpty() && look.endpoints(Endpoint.Role.PUBLISHER, topic).isEmpty()) {
      return Finding.missing(
          "program", topic + " is nobody's", "start the driver's io_and_status_controller");
    }
    return look.description().filter(urdf -> urdf.contains(MOCK_HARDWARE)).isPresent()
        ? Finding.ok("program", "needs none, its hardware is a mock")
        : Finding.missing(
            "program",
            topic + ": it does not run, the robot obeys nobody",
            "press play on the pendant (External Control), or call"
                + " /io_and_status_controller/resend_robot_program");
  }

  private Finding speed(Hardware.PeriodicTopic topic) {
    return look.speedPercent()
        .map(percent ->
            percent >= FULL_SPEED_PERCENT
                ? Finding.ok("speed", number(percent) + " %")
                : Finding.less(
                    "speed",
                    number(percent) + " % of what is commanded",
                    "move the pendant's speed slider to 100 %, or expect tracking errors"))
        .orElse(
            Finding.less("speed", topic.topic() + " says nothing", "start its state broadcaster"));
  }

  private Finding clock() {
    List<String> apart = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (JointGroup group : robot.groups()) {
      StateWatch watch = watch(group);
      if (watch.silent()) {
        continue;
      }
      double offset = watch.lastNanos() + rosFromClockNanos - (double) watch.lastStampNanos();
      String said =
          watch.lastStampNanos() == 0
              ? group.states() + " is not stamped"
              : "%s is stamped %s ms before it comes"
                  .formatted(group.states(), number(offset / NANOS_PER_MS));
      (watch.lastStampNanos() == 0 || Math.abs(offset) > CLOCKS_APART_NANOS ? apart : found)
          .add(said);
    }
    return apart.isEmpty()
        ? Finding.ok("clock", found.isEmpty() ? "nothing to compare" : String.join(", ", found))
        : Finding.less(
            "clock",
            String.join(", ", apart),
            "synchronise the clocks (chrony, PTP); the runtime goes by arrival meanwhile");
  }

  private Finding units() {
    List<String> outside = new ArrayList<>();
    boolean degrees = false;
    for (Joint joint : robot.joints()) {
      Double at = seen.get(joint.name());
      double slack = BEYOND * (joint.positionMax() - joint.positionMin());
      if (at != null && (at < joint.positionMin() - slack || at > joint.positionMax() + slack)) {
        outside.add("%s is at %s %s".formatted(joint.name(), at, joint.unit().symbol()));
        degrees |= joint.unit() == JointUnit.RADIAN && Math.abs(at) > 3 * Math.PI;
      }
    }
    if (outside.isEmpty()) {
      return seen.isEmpty()
          ? Finding.less("units", "no positions to look at", "see above")
          : Finding.ok("units", "every joint within its range");
    }
    return Finding.missing(
        "units",
        String.join(", ", outside) + ", outside its range",
        degrees
            ? "these look like degrees; have the driver publish rad"
            : "bring it into its range by hand, or correct calibration and limits");
  }

  private Finding gripper() {
    Optional<String> own =
        robot.groups().stream()
            .map(JointGroup::command)
            .filter(route -> route instanceof CommandRoute.GripperGoals)
            .map(CommandRoute::topic)
            .findFirst();
    if (own.isPresent()) {
      return Finding.ok("gripper", "an action, " + own.get());
    }
    List<String> mapped =
        robot.joints().stream()
            .filter(joint -> joint.unitMap().filter(m -> m.unit().equals("percent")).isPresent())
            .map(joint ->
                "joint '%s'%s"
                    .formatted(
                        joint.name(),
                        Optional.ofNullable(seen.get(joint.name()))
                            .map(at ->
                                ", %s %% open"
                                    .formatted(number(joint.unitMap().orElseThrow().toValue(at))))
                            .orElse("")))
            .collect(Collectors.toList());
    return Finding.ok(
        "gripper", mapped.isEmpty() ? "none but the joint groups'" : String.join(", ", mapped));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
