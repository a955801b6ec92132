package dev.forearm.runtime.lockstep;

import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.kinematics.SelfDistance;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.SelfCollision;
import dev.forearm.runtime.robot.WorkspaceBox;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges the commands that leave by nothing but the commands: it knows the robot and what was sent
 * when, and shares no code with what limits them. Owned by the thread that it looks on.
 *
 * <p>Between two messages counts the time that passed, but no more than one control cycle: after a
 * stall the motion may go on where it was. Speed, acceleration and jerk are divided differences
 * over those times. Where no limit of jerk is stated, messages lie on straight lines from cycle to
 * cycle, and speed may change from message to message by what acceleration gives in one cycle.
 *
 * <p>Messages may end, and start over somewhere else, where the supervisor says that they do: the
 * joints are to rest at the last one before and at the first one after, within all limits.
 */
public final class LimitAudit implements RuntimeTap {
  private static final int MESSAGES = 4;
  private static final double ROUNDING = 4e-15; // of a position, rad or m

  private final Robot robot;
  private final double period;
  private final SerialChain chain;
  private final boolean smooth;
  private final double bent; // by all joints in a cycle at most, rad
  private final double reach; // of the whole chain, m
  private final double[][] sent; // newest first
  private final double[] seconds = new double[MESSAGES]; // from each message to the newest
  private final double[] tool = new double[3];
  private SafetyReason reason = SafetyReason.NOT_ENGAGED;
  private boolean sending;
  private double outside; // how far the tool was outside when it started, m
  private final double[] depth; // how deep it was then in each box where it may not be, m
  private final @Nullable SelfDistance bodies;
  private final double wantedApart; // how far they have to be off each other, m
  private double apart; // but no farther than they have been since it started
  private long stampNanos;
  private long phaseNanos; // of the newest message, from the cycle before it
  private long commands;
  private long violations;
  private @Nullable String first;

  public LimitAudit(Robot robot) {
    this.robot = robot;
    period = robot.controlPeriodNanos() * 1e-9;
    chain = new SerialChain(robot);
    smooth = robot.joints().stream().anyMatch(joint -> joint.jerkMax().isPresent());
    bent = robot.joints().stream().mapToDouble(j -> j.accelerationMax() * period * period).sum();
    reach =
        robot.chain().stream()
            .mapToDouble(link -> Math.hypot(Math.hypot(link.x(), link.y()), link.z()))
            .sum();
    depth = new double[robot.keepOut().size()];
    bodies = robot.selfCollision().map(of -> new SelfDistance(robot, of)).orElse(null);
    wantedApart = robot.selfCollision().map(SelfCollision::distanceMin).orElse(0.0);
    sent = new double[MESSAGES][robot.jointCount()];
  }

  @Override
  public void safety(SafetyState state, SafetyReason why, long nanos) {
    boolean startsOver = state == SafetyState.HOLD && why == SafetyReason.CHUNK_AWAITED;
    if ((startsOver && reason != SafetyReason.CHUNK_AWAITED) || !state.commands()) {
      sending = false;
    }
    reason = why;
  }

  @Override
  public void commanded(double[] positions, SafetyState state, long nanos) {
    commands++;
    if (sending) {
      long elapsed = Math.clamp(nanos - stampNanos, 0, robot.controlPeriodNanos());
      take(positions, elapsed * 1e-9);
      phaseNanos = (phaseNanos + elapsed) % robot.controlPeriodNanos();
    } else {
      rest();
      begin(positions);
    }
    stampNanos = nanos;
    judgeJoints();
    judgeTool(positions);
  }

  /** Commands so far. */
  public long commands() {
    return commands;
  }

  /** Limits that were exceeded so far, each joint of each command by itself. */
  public long violations() {
    return violations;
  }

  /** What was exceeded first, and when. */
  public Optional<String> first() {
    return Optional.ofNullable(first);
  }

  /** A robot that is told nothing more stays where it was told to be: that is a motion, too. */
  private void rest() {
    double[] last = sent[0].clone();
    for (int i = 1; i < MESSAGES && commands > 1; i++) {
      take(last, period);
      judgeJoints();
    }
  }

  private void begin(double[] positions) {
    sending = true;
    phaseNanos = 0;
    for (int i = 0; i < MESSAGES; i++) {
      System.arraycopy(positions, 0, sent[i], 0, positions.length);
      seconds[i] = i * period;
    }
    chain.toolPosition(positions, tool);
    outside = Math.max(0, excess(robot.workspace()));
    for (int k = 0; k < depth.length; k++) {
      depth[k] = Math.max(0, -excess(robot.keepOut().get(k)));
    }
    if (bodies != null) {
      apart = Math.min(wantedApart, bodies.of(positions));
    }
  }

  private void take(double[] positions, double elapsed) {
    double[] oldest = sent[MESSAGES - 1];
    System.arraycopy(sent, 0, sent, 1, MESSAGES - 1);
    sent[0] = oldest;
    System.arraycopy(positions, 0, oldest, 0, positions.length);
    for (int i = MESSAGES - 1; i > 0; i--) {
      seconds[i] = seconds[i - 1] + elapsed;
    }
  }

  private void judgeJoints() {
    for (int j = 0; j < sent[0].length; j++) {
      judge(robot.joints().get(j), j);
    }
  }

  private void judge(Joint joint, int j) {
    double position = sent[0][j];
    require(
        position >= joint.positionMin(), joint.name(), "position", position, joint.positionMin());
    require(
        position <= joint.positionMax(), joint.name(), "position", position, joint.positionMax());
    if (seconds[1] == 0) {
      require(position == sent[1][j], joint.name(), "position in no time", position, sent[1][j]);
      return;
    }
    double speed = difference(j, 0, 1);
    double up = joint.taper().map(taper -> taper.upwards(sent[1][j])).orElse(joint.velocityMax());
    double down =
        joint.taper().map(taper -> taper.downwards(sent[1][j])).orElse(joint.velocityMax());
    atMost(joint, "speed", speed, Math.min(up, joint.velocityMax()), 1);
    atMost(joint, "speed", -speed, Math.min(down, joint.velocityMax()), 1);
    if (seconds[2] == seconds[1] || seconds[3] == seconds[2]) {
      return;
    }
    if (!smooth) {
      double change = Math.abs(speed - difference(j, 1, 2));
      atMost(joint, "change of speed", change, joint.accelerationMax() * period, 1);
      return;
    }
    atMost(joint, "acceleration", 2 * Math.abs(difference(j, 0, 2)), joint.accelerationMax(), 2);
    double jerk = 6 * Math.abs(difference(j, 0, 3));
    atMost(joint, "jerk", jerk, joint.jerkMax().orElse(Double.POSITIVE_INFINITY), 3);
  }

  /** The divided difference of the positions from message {@code to} to message {@code from}. */
  private double difference(int joint, int from, int to) {
    if (from == to) {
      return sent[from][joint];
    }
    return (difference(joint, from, to - 1) - difference(joint, from + 1, to))
        / (seconds[to] - seconds[from]);
  }

  private void atMost(Joint joint, String what, double found, double allowed, int order) {
    double shortest = period;
    for (int i = 0; i < order; i++) {
      shortest = Math.min(shortest, seconds[i + 1] - seconds[i]);
    }
    double rounding = 8 * ROUNDING / Math.pow(shortest, order) + 1e-9 * allowed;
    require(found <= allowed + rounding, joint.name(), what, found, allowed);
  }

  /**
   * What is judged at a time between two cycles may be off the straight way from one to the other:
   * the tool's path is bent by how far the joints turn, and theirs, where it is smooth, by how much
   * their speed changes.
   */
  private void judgeTool(double[] positions) {
    chain.toolPosition(positions, tool);
    double turned = 0;
    for (int j = 0; j < positions.length; j++) {
      turned += Math.abs(sent[0][j] - sent[1][j]);
    }
    double bend = phaseNanos == 0 && !smooth ? 0 : (turned * turned + bent) * reach / 8;
    double excess = excess(robot.workspace());
    require(excess <= outside + bend + 1e-9, "tool", "way out of the workspace", excess, outside);
    outside = Math.clamp(excess, 0, outside);
    for (int k = 0; k < depth.length; k++) {
      double in = -excess(robot.keepOut().get(k));
      require(
          in <= depth[k] + (smooth ? bend : 0) + 1e-9,
          "tool",
          "way into a box to keep out of",
          in,
          depth[k]);
      depth[k] = Math.clamp(in, 0, depth[k]);
    }
    if (bodies != null) {
      double found = bodies.of(positions);
      require(found >= apart - bend - 1e-9, "arm", "distance of bodies", found, apart);
      apart = Math.clamp(found, apart, wantedApart);
    }
  }

  private double excess(WorkspaceBox box) {
    return box.excess(tool[0], tool[1], tool[2]);
  }

  private void require(boolean kept, String who, String what, double found, double allowed) {
    if (!kept) {
      violations++;
      if (first == null) {
        first =
            "%s of %s: found %s, allowed %s, at command %s, stamp %s ns, after %s s"
                .formatted(
                    what, who, found, allowed, commands, stampNanos, Arrays.toString(seconds));
      }
    }
  }
}
