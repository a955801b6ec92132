package dev.forearm.runtime.robot;

import dev.forearm.runtime.robot.SelfCollision.Capsule;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that the runtime knows of one robot; read by {@link RobotFile}, immutable.
 *
 * @param name for people and for the check against a bundle
 * @param joints in command order
 * @param groups which controller drives which joints; each joint is in one
 * @param baseFrame the frame all poses are given in
 * @param toolFrame the frame at the end of the chain: the grasp point
 * @param chain from the base frame to the tool frame
 * @param branches what else moves, and where: fingers, a second tool
 * @param workspace where the tool may be
 * @param keepOut boxes in it where the tool may not be
 * @param selfCollision which of its bodies stay apart; empty: nobody looks
 * @param topics ROS 2 topics but those of the joints
 * @param controlPeriodNanos one control cycle
 * @param policyPeriodNanos one policy step
 * @param timeouts what the watchdog goes by
 * @param blendNanos how long a new chunk takes to replace the old one
 * @param chunkOrigin from when the actions of a chunk count
 * @param controlThread how it runs in real time
 * @param actionSlack fraction of a joint's range that an action may lie outside its limits and
 *     still be clamped; further out the whole chunk is refused
 * @param resumesByItself whether an arm that stopped because a signal was lost runs again when the
 *     signal is back; otherwise somebody has to engage it
 * @param foresight what is done about a calibrated foresight; empty: the gate only measures
 * @param objects names of the objects to observe
 * @param takeover how a person may take the arm over; empty: nobody can
 * @param hardware what its driver shows beside the joint groups, and what it is made of
 */
public record Robot(
    String name,
    List<Joint> joints,
    List<JointGroup> groups,
    String baseFrame,
    String toolFrame,
    List<ChainLink> chain,
    List<Branch> branches,
    WorkspaceBox workspace,
    List<WorkspaceBox> keepOut,
    Optional<SelfCollision> selfCollision,
    Topics topics,
    long controlPeriodNanos,
    long policyPeriodNanos,
    Timeouts timeouts,
    long blendNanos,
    ChunkOrigin chunkOrigin,
    ControlThread controlThread,
    double actionSlack,
    boolean resumesByItself,
    Optional<ForesightResponse> foresight,
    List<String> objects,
    Optional<Takeover> takeover,
    Hardware hardware) {
  public Robot {
    joints = List.copyOf(joints);
    groups = List.copyOf(groups);
    chain = List.copyOf(chain);
    branches = List.copyOf(branches);
    keepOut = List.copyOf(keepOut);
    objects = List.copyOf(objects);
    if (joints.isEmpty()) {
      throw new IllegalArgumentException("robot '%s' has no joints".formatted(name));
    }
    if (joints.stream().map(Joint::name).distinct().count() != joints.size()) {
      throw new IllegalArgumentException("robot '%s' names a joint twice".formatted(name));
    }
    if (controlPeriodNanos <= 0 || policyPeriodNanos < controlPeriodNanos || blendNanos <= 0) {
      throw new IllegalArgumentException(
          ("robot '%s': wanted 0 < control period <= policy period and a positive blend time,"
                  + " found %s, %s, %s ns")
              .formatted(name, controlPeriodNanos, policyPeriodNanos, blendNanos));
    }
    checkGroups(name, joints, groups, controlPeriodNanos);
    for (JointGroup group : groups) {
      if (group.command() instanceof CommandRoute.Twist twist) {
        checkTwist(group, twist, chainJoints(joints, chain), List.of(baseFrame, toolFrame));
      }
    }
    int skipped = foresight.map(ForesightResponse::skipSteps).orElse(0);
    if (skipped > 0 && (skipped + 2) * policyPeriodNanos > timeouts.chunkNanos()) {
      throw new IllegalArgumentException(
          "robot '%s': skip_steps of %s make chunks older than their timeout of %s ns allows; skip fewer"
              .formatted(name, skipped, timeouts.chunkNanos()));
    }
    boolean followed = joints.stream().anyMatch(joint -> joint.trackingErrorMax().isPresent());
    if (followed != timeouts.trackingErrorNanos() < Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          ("robot '%s': wanted both tracking_error_max of joints and the timeout tracking_error, or"
                  + " neither")
              .formatted(name));
    }
    for (Branch branch : branches) {
      if (branch.after() < 0 || branch.after() > chain.size()) {
        throw new IllegalArgumentException(
            "robot '%s', branch '%s': found after %s, wanted 0 to the chain's %s links"
                .formatted(name, branch.frame(), branch.after(), chain.size()));
      }
    }
    for (Capsule capsule : selfCollision.map(SelfCollision::capsules).orElse(List.of())) {
      if (capsule.joint() != ChainLink.FIXED
          && chain.stream().noneMatch(link -> link.joint() == capsule.joint())) {
        throw new IllegalArgumentException(
            "robot '%s', body '%s': moves with '%s', which is no joint of the chain"
                .formatted(name, capsule.body(), joints.get(capsule.joint()).name()));
      }
    }
    if (!(actionSlack >= 0)) {
      throw new IllegalArgumentException("robot '%s': action_slack is negative".formatted(name));
    }
  }

  /** Number of joints. */
  public int jointCount() {
    return joints.size();
  }

  /** Joint names in command order. */
  public List<String> jointNames() {
    return joints.stream().map(Joint::name).toList();
  }

  /** A joint's place in command order, or -1. */
  public int jointIndex(String joint) {
    return jointNames().indexOf(joint);
  }

  /** All links from the base frame to the end of a branch. */
  public List<ChainLink> chainTo(Branch branch) {
    return Stream.concat(chain.stream().limit(branch.after()), branch.links().stream()).toList();
  }

  /** The places in command order of a group's joints, in the group's order. */
  public int[] places(JointGroup group) {
    return group.joints().stream().mapToInt(this::jointIndex).toArray();
  }

  /** How old the state of a group's joints may be: that of one that comes seldom, three periods. */
  public long statesTimeoutNanos(JointGroup group) {
    return Math.max(
        timeouts.jointStateNanos(), group.statesNanos().map(period -> 3 * period).orElse(0L));
  }

  /** The same robot, which does something else about its policy's foresight. */
  public Robot responding(Optional<ForesightResponse> other) {
    return with(groups, controlPeriodNanos, timeouts, other);
  }

  /** The same robot, whose control cycles come at another rate. */
  public Robot cyclingEvery(long periodNanos) {
    return with(groups, periodNanos, timeouts, foresight);
  }

  /** The same robot, with another patience. */
  public Robot waiting(Timeouts other) {
    return with(groups, controlPeriodNanos, other, foresight);
  }

  private Robot with(
      List<JointGroup> otherGroups,
      long otherPeriodNanos,
      Timeouts otherTimeouts,
      Optional<ForesightResponse> otherForesight) {
    return new Robot(
        name,
        joints,
        otherGroups,
        baseFrame,
        toolFrame,
        chain,
        branches,
        workspace,
        keepOut,
        selfCollision,
        topics,
        otherPeriodNanos,
        policyPeriodNanos,
        otherTimeouts,
        blendNanos,
        chunkOrigin,
        controlThread,
        actionSlack,
        resumesByItself,
        otherForesight,
        objects,
        takeover,
        hardware);
  }

  private static Set<String> chainJoints(List<Joint> joints, List<ChainLink> chain) {
    return chain.stream()
        .filter(link -> link.joint() != ChainLink.FIXED)
        .map(link -> joints.get(link.joint()).name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A twist tells of the tool alone, so it can stand for the joints that move the tool alone. */
  private static void checkTwist(
      JointGroup group, CommandRoute.Twist twist, Set<String> chain, List<String> frames) {
    if (!Set.copyOf(group.joints()).equals(chain)) {
      throw new IllegalArgumentException(
          "joint group '%s': twists move the joints of the chain to the tool, %s, found %s; give others a group of their own"
              .formatted(group.name(), chain, group.joints()));
    }
    if (!frames.contains(twist.frame())) {
      throw new IllegalArgumentException(
          "joint group '%s': found twists in frame '%s', wanted the chain's base_frame or tool_frame, %s"
              .formatted(group.name(), twist.frame(), frames));
    }
  }

  private static void checkGroups(
      String robot, List<Joint> joints, List<JointGroup> groups, long controlPeriodNanos) {
    Set<String> ungrouped = new HashSet<>();
    joints.forEach(joint -> ungrouped.add(joint.name()));
    Set<String> names = new HashSet<>();
    Set<String> commandTopics = new HashSet<>();
    for (JointGroup group : groups) {
      for (String joint : group.joints()) {
        if (!ungrouped.remove(joint)) {
          throw new IllegalArgumentException(
              "robot '%s', joint group '%s': '%s' is no joint of the robot, or is in a group already"
                  .formatted(robot, group.name(), joint));
        }
      }
      if (!names.add(group.name()) || !commandTopics.add(group.command().topic())) {
        throw new IllegalArgumentException(
            "robot '%s': two joint groups are called '%s' or are commanded on %s; wanted one each"
                .formatted(robot, group.name(), group.command().topic()));
      }
      if (group.command().periodNanos() < controlPeriodNanos) {
        throw new IllegalArgumentException(
            "robot '%s', joint group '%s': commands every %s ns, but control runs every %s ns"
                .formatted(robot, group.name(), group.command().periodNanos(), controlPeriodNanos));
      }
    }
    if (!ungrouped.isEmpty()) {
      throw new IllegalArgumentException(
          "robot '%s': joints %s are in no joint group".formatted(robot, ungrouped));
    }
  }
}
