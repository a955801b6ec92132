package dev.forearm.sim.arm;

import dev.forearm.runtime.robot.Branch;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.SimFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The MJCF of a robot: a capsule from each joint to the next, a position servo for each joint.
 * Where the robot file does not say what a link weighs or a servo can, it is a link of plastic and
 * a servo that can do what the joint's limits ask for. Used while starting up.
 */
final class ArmModel {
  private static final String PLAY = "_play"; // after a joint's name: the joint that is its play
  private static final double SERVO_LAG_SECONDS = 0.02; // behind its command
  private static final double STIFFNESS_PER_EFFORT = 100; // Nm/rad or N/m for each Nm or N
  private static final double ARMATURE_PER_EFFORT = 0.0012;
  private static final double DENSITY = 1200; // kg/m^3
  private static final double THICKNESS = 0.05; // radius of the first link, of the reach
  private static final double GRAVITY = 9.81;
  private static final double RESERVE = 3; // of a servo whose strength nobody knows
  private static final double SHORT = 0.02; // of the reach: a link that is no more than a knob

  private final Robot robot;
  private final boolean plays;
  private final double reach;
  private final double[] efforts;
  private final StringBuilder mjcf = new StringBuilder();
  private final StringBuilder servos = new StringBuilder();
  private final List<Follower> followers = new ArrayList<>();
  private int depth;

  /**
   * A joint that goes where another is told to go, in its own measure.
   *
   * @param name of it and its servo
   * @param master index of the other in command order
   */
  record Follower(String name, int master, ChainLink.Mimic mimic) {}

  /**
   * @param plays whether joints have the play that the robot file tells of
   * @throws SimFault if a joint moves nothing
   */
  ArmModel(Robot robot, boolean plays) {
    this.robot = robot;
    this.plays = plays && !robot.hardware().backlash().isEmpty();
    double length = 0;
    for (ChainLink link : robot.chain()) {
      length += length(link);
    }
    reach = Math.max(length, 0.1);
    efforts = IntStream.range(0, robot.jointCount()).mapToDouble(this::effort).toArray();
    write();
  }

  /** The description. */
  String mjcf() {
    return mjcf.toString();
  }

  /** What follows, in no order. */
  List<Follower> followers() {
    return followers;
  }

  private void write() {
    mjcf.append(
        """
        <mujoco model="arm">
          <compiler angle="radian" autolimits="true" eulerseq="XYZ"/>
          <option timestep="0.001" integrator="implicitfast"><flag contact="disable"/></option>
          <visual>
            <headlight ambient="0.35 0.35 0.37" diffuse="0.35 0.35 0.35" specular="0.1 0.1 0.1"/>
            <map znear="0.01" zfar="30" shadowclip="4"/>
            <quality shadowsize="4096" offsamples="8"/>
            <global offwidth="1920" offheight="1080"/>
          </visual>
          <asset>
            <texture name="sky" type="skybox" builtin="gradient" rgb1="0.82 0.87 0.93" rgb2="0.46 0.53 0.62" width="64" height="384"/>
            <texture name="floor" type="2d" builtin="checker" rgb1="0.36 0.39 0.43" rgb2="0.33 0.36 0.40" width="128" height="128"/>
            <material name="floor" texture="floor" texrepeat="8 8" specular="0.1"/>
            <material name="shell" rgba="0.94 0.95 0.96 1" specular="0.5" shininess="0.6"/>
            <material name="joint" rgba="0.22 0.24 0.28 1" specular="0.4" shininess="0.5"/>
            <material name="tool" rgba="0.12 0.52 0.62 1" specular="0.4" shininess="0.5"/>
          </asset>
          <default>
            <geom contype="0" conaffinity="0" mass="0" material="shell"/>
          </default>
        """);
    line("<statistic extent='%s' center='0 0 %s'/>".formatted(reach, 0.4 * reach));
    line("<worldbody>");
    scenery();
    Set<Integer> shown = new HashSet<>();
    links(robot.chain(), 0, true, shown);
    for (int joint = 0; joint < robot.jointCount(); joint++) {
      if (!shown.contains(joint)) {
        throw new SimFault(
            "robot '%s': joint '%s' moves nothing, neither in the chain nor in a branch; add a branch to simulate it"
                .formatted(robot.name(), robot.joints().get(joint).name()));
      }
    }
    line("</worldbody>");
    line("<actuator>");
    mjcf.append(servos);
    line("</actuator>");
    line("</mujoco>");
  }

  private void scenery() {
    line("<light pos='0 -1 3' dir='0.15 0.35 -1' directional='true' diffuse='0.6 0.58 0.55'/>");
    line("<geom type='plane' size='4 4 0.1' material='floor'/>");
    double away = 0.9 * reach;
    double height = 0.75 * reach;
    // looks at a point above the base
    double dx = away;
    double dy = -1.35 * away;
    double dz = height - 0.32 * reach;
    line(
        "<camera name='portrait' pos='%s %s %s' xyaxes='%s %s 0 %s %s %s' fovy='40'/>"
            .formatted(dx, dy, height, -dy, dx, -dx * dz, -dy * dz, dx * dx + dy * dy));
    line(
        "<geom type='cylinder' size='%s %s' pos='0 0 %s' material='joint'/>"
            .formatted(1.3 * radius(0), 0.5 * radius(0), 0.5 * radius(0)));
  }

  /**
   * Writes links from one of the chain on, each in the one before, and the branches as they come.
   */
  private void links(List<ChainLink> links, int from, boolean isChain, Set<Integer> shown) {
    if (isChain) {
      for (Branch branch : robot.branches()) {
        if (branch.after() == from && moves(branch, shown)) {
          links(branch.links(), 0, false, shown);
        }
      }
    }
    if (from == links.size()) {
      if (isChain) {
        line("<site name='tool' size='%s'/>".formatted(0.2 * radius(from)));
      }
      return;
    }
    ChainLink link = links.get(from);
    thickLine(link, isChain && from == links.size() - 1);
    line(
        "<body pos='%s %s %s' euler='%s %s %s' gravcomp='1'>"
            .formatted(link.x(), link.y(), link.z(), link.roll(), link.pitch(), link.yaw()));
    depth++;
    if (link.joint() != ChainLink.FIXED) {
      joint(link, shown);
      body(link, from + 1 < links.size() ? length(links.get(from + 1)) : 0);
    }
    links(links, from + 1, isChain, shown);
    depth--;
    line("</body>");
  }

  /** Whether a branch shows a joint that is not shown yet; others are only frames. */
  private static boolean moves(Branch branch, Set<Integer> shown) {
    return branch.links().stream()
        .anyMatch(link ->
            link.joint() != ChainLink.FIXED
                && (link.mimic().isPresent() || !shown.contains(link.joint())));
  }

  /** The link's capsule, from the frame before it to its own. */
  private void thickLine(ChainLink link, boolean last) {
    if (length(link) > SHORT * reach) {
      line(
          "<geom type='capsule' fromto='0 0 0 %s %s %s' size='%s' material='%s'/>"
              .formatted(
                  link.x(), link.y(), link.z(), 0.75 * radius(depth), last ? "tool" : "shell"));
    }
  }

  private void joint(ChainLink link, Set<Integer> shown) {
    Joint joint = robot.joints().get(link.joint());
    boolean follows = link.mimic().isPresent() || !shown.add(link.joint());
    ChainLink.Mimic motion = link.motion(joint);
    String name = joint.name();
    if (follows) {
      name += "_follower_" + followers.size();
      followers.add(new Follower(name, link.joint(), motion));
    }
    double effort = efforts[link.joint()];
    String shape =
        "type='%s' axis='%s %s %s'"
            .formatted(
                motion.slides() ? "slide" : "hinge", link.axisX(), link.axisY(), link.axisZ());
    line(
        "<joint name='%s' %s armature='%s'/>".formatted(name, shape, ARMATURE_PER_EFFORT * effort));
    double play = plays && !follows ? robot.hardware().backlash().get(link.joint()) : 0;
    if (play > 0) {
      line(
          "<joint name='%s' %s range='%s %s' solreflimit='0.004 1' damping='0.01' armature='0.01'/>"
              .formatted(name + PLAY, shape, -play, play));
    }
    double radius = radius(depth);
    line(
        "<geom type='cylinder' fromto='%s %s %s %s %s %s' size='%s' material='joint'/>"
            .formatted(
                -radius * link.axisX(),
                -radius * link.axisY(),
                -radius * link.axisZ(),
                radius * link.axisX(),
                radius * link.axisY(),
                radius * link.axisZ(),
                (motion.slides() ? 0.6 : 0.9) * radius));
    servos.append(
        "<position name='%s' joint='%s' kp='%s' kv='%s' forcerange='%s %s'/>\n"
            .formatted(
                name,
                name,
                STIFFNESS_PER_EFFORT * effort,
                STIFFNESS_PER_EFFORT * effort * SERVO_LAG_SECONDS,
                -effort,
                effort));
  }

  /** Mass and inertia of what a joint moves: a rod as long as the way to the next joint. */
  private void body(ChainLink link, double length) {
    double radius = radius(depth);
    double mass = mass(link.joint());
    double inertia = mass * (length * length / 12 + radius * radius / 2);
    line(
        "<inertial pos='0 0 0' mass='%s' diaginertia='%s %s %s'/>"
            .formatted(mass, inertia, inertia, inertia));
  }

  private double mass(int joint) {
    List<Double> known = robot.hardware().massKg();
    double rod = Math.PI * radius(joint) * radius(joint) * reach / robot.jointCount();
    return known.isEmpty() ? DENSITY * rod : known.get(joint);
  }

  /** What a servo has: as it is known, or what its limits and all that may hang from it ask for. */
  private double effort(int joint) {
    List<Double> known = robot.hardware().effortMax();
    if (!known.isEmpty()) {
      return known.get(joint);
    }
    double mass = 0;
    for (int later = joint; later < robot.jointCount(); later++) {
      mass += mass(later);
    }
    Joint limits = robot.joints().get(joint);
    return switch (limits.unit()) {
      case RADIAN -> RESERVE * mass * reach * reach * limits.accelerationMax();
      case METRE -> RESERVE * mass * (GRAVITY + limits.accelerationMax());
    };
  }

  /** Links grow thinner towards the tool. */
  private double radius(int place) {
    return THICKNESS * reach * (1 - 0.6 * Math.min(1, place / (robot.chain().size() + 1.0)));
  }

  private static double length(ChainLink link) {
    return Math.sqrt(link.x() * link.x() + link.y() * link.y() + link.z() * link.z());
  }

  private void line(String line) {
    mjcf.append("  ".repeat(depth)).append(line).append('\n');
  }
}
