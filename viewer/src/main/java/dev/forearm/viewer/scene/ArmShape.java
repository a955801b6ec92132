package dev.forearm.viewer.scene;

import dev.forearm.runtime.kinematics.SelfDistance;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Branch;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.SelfCollision;
import dev.forearm.runtime.robot.SelfCollision.Capsule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.joml.Vector3f;

/**
 * A robot file's arm as solids: a capsule from each joint to the next, or those that the file
 * gives, a knob about each joint's axis, and whatever branches off. Links grow thinner towards the
 * tool.
 */
public final class ArmShape {
  private static final double THICKNESS = 0.044; // radius of the first link, of the reach
  private static final double TAPER = 0.6; // of it, lost on the way to the tool
  private static final double SLENDER = 0.3; // radius of a short link, of its length
  private static final double SHORT = 0.02; // of the reach: a link that is no more than a knob
  private static final double KNOB_RADIUS = 0.94; // of the link's
  private static final double KNOB_LENGTH = 0.62; // half of it, of the link's radius
  private static final double TWIG = 0.4; // how thick branches are, of the arm
  private static final int[] AXES = {0xff4b53e5, 0xff68d05f, 0xffff9b6c}; // red, green, blue

  /**
   * How an arm is painted, packed colours.
   *
   * @param shell of its links
   * @param joint of its joints and its base
   * @param tool of the last link and of what branches off
   */
  public record Paint(int shell, int joint, int tool) {}

  /** Links one after the other, of which those from {@code first} on are drawn. */
  @SuppressWarnings("ArrayRecordComponent") // scratch memory, never compared
  private record Strand(
      List<ChainLink> links, int first, double thickness, SerialChain chain, double[] frames) {
    static Strand of(Robot robot, List<ChainLink> links, int first, double thickness) {
      return new Strand(
          links,
          first,
          thickness,
          new SerialChain(robot, links),
          new double[links.size() * SerialChain.FRAME]);
    }

    void move(double[] positions) {
      chain.frames(positions, frames);
    }

    Vector3f origin(int link) {
      return link < 0 ? new Vector3f() : vector(frames, link * SerialChain.FRAME + 9);
    }

    /** A point or direction of a link's frame, turned to the base frame's axes. */
    Vector3f turned(int link, double x, double y, double z) {
      Vector3f turned = new Vector3f();
      for (int row = 0; row < 3; row++) {
        int at = link * SerialChain.FRAME + 3 * row;
        double value = frames[at] * x + frames[at + 1] * y + frames[at + 2] * z;
        turned.setComponent(row, (float) value);
      }
      return turned;
    }
  }

  private final Strand arm;
  private final List<Strand> branches = new ArrayList<>();
  private final Optional<SelfCollision> bodies;
  private final int[] bodyFrames; // of each capsule, the link that it moves with
  private final double reach;

  public ArmShape(Robot robot) {
    arm = Strand.of(robot, robot.chain(), 0, 1);
    for (Branch branch : robot.branches()) {
      branches.add(Strand.of(robot, robot.chainTo(branch), branch.after(), TWIG));
    }
    bodies = robot.selfCollision();
    bodyFrames =
        bodies.map(SelfCollision::capsules).orElse(List.of()).stream()
            .mapToInt(capsule -> SelfDistance.linkOf(robot, capsule))
            .toArray();
    double length = 0;
    for (ChainLink link : robot.chain()) {
      length += Math.hypot(Math.hypot(link.x(), link.y()), link.z());
    }
    reach = Math.max(length, 0.1);
  }

  /** All links one behind the other, m. */
  public double reach() {
    return reach;
  }

  /**
   * The arm where its joints are.
   *
   * @param positions in command order, rad or m
   */
  public List<Solid> at(double[] positions, Paint paint) {
    List<Solid> solids = new ArrayList<>();
    arm.move(positions);
    solids.add(Solid.plate(new Vector3f(), 1.3 * radius(0), radius(0), paint.joint()));
    if (bodies.isPresent()) {
      List<Capsule> capsules = bodies.get().capsules();
      for (int i = 0; i < capsules.size(); i++) {
        solids.add(body(capsules.get(i), bodyFrames[i], paint.shell()));
      }
    } else {
      lines(arm, paint.shell(), paint.tool(), solids);
    }
    knobs(arm, paint.joint(), solids);
    for (Strand branch : branches) {
      branch.move(positions);
      lines(branch, paint.tool(), paint.tool(), solids);
      knobs(branch, paint.joint(), solids);
    }
    return solids;
  }

  /**
   * The tool frame's axes, red green blue, where the joints are.
   *
   * @param positions as {@link #at}
   */
  public List<Solid> toolAxes(double[] positions) {
    arm.move(positions);
    int last = arm.links.size() - 1;
    List<Solid> axes = new ArrayList<>();
    float length = (float) (0.07 * reach);
    for (int axis = 0; axis < 3; axis++) {
      Vector3f origin = arm.origin(last);
      Vector3f end =
          arm.turned(last, axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0).mul(length);
      axes.add(Solid.capsule(origin, end.add(origin), 0.003 * reach, AXES[axis]));
    }
    return axes;
  }

  private void lines(Strand strand, int shell, int last, List<Solid> solids) {
    for (int i = strand.first; i < strand.links.size(); i++) {
      Vector3f from = strand.origin(i - 1);
      Vector3f to = strand.origin(i);
      double length = from.distance(to);
      if (length > SHORT * reach) {
        int colour = i == strand.links.size() - 1 ? last : shell;
        double radius = Math.min(strand.thickness * radius(i), SLENDER * length);
        if (i == 0) {
          from.lerp(to, (float) (radius / length)); // its round end stays above the floor
        }
        solids.add(Solid.capsule(from, to, radius, colour));
      }
    }
  }

  private void knobs(Strand strand, int colour, List<Solid> solids) {
    for (int i = strand.first; i < strand.links.size(); i++) {
      ChainLink link = strand.links.get(i);
      if (link.joint() == ChainLink.FIXED) {
        continue;
      }
      double radius = strand.thickness * radius(i);
      Vector3f axis =
          strand
              .turned(i, link.axisX(), link.axisY(), link.axisZ())
              .mul((float) (KNOB_LENGTH * radius));
      Vector3f origin = strand.origin(i);
      solids.add(
          Solid.capsule(
              origin.sub(axis, new Vector3f()),
              origin.add(axis, new Vector3f()),
              KNOB_RADIUS * radius,
              colour));
    }
  }

  private Solid body(Capsule capsule, int link, int colour) {
    return Solid.capsule(
        placed(capsule.from(), link), placed(capsule.to(), link), capsule.radius(), colour);
  }

  private Vector3f placed(List<Double> point, int link) {
    return link == ChainLink.FIXED
        ? new Vector3f(
            point.get(0).floatValue(), point.get(1).floatValue(), point.get(2).floatValue())
        : arm.turned(link, point.get(0), point.get(1), point.get(2)).add(arm.origin(link));
  }

  private double radius(int link) {
    return THICKNESS * reach * (1 - TAPER * Math.min(1, link / (arm.links.size() + 1.0)));
  }

  private static Vector3f vector(double[] values, int at) {
    return new Vector3f((float) values[at], (float) values[at + 1], (float) values[at + 2]);
  }
}
