package dev.forearm.models.promotion;

import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.Finding.Check;
import dev.forearm.models.shelf.Finding.Verdict;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether a candidate's chunks on logged observations stay within bounds, joint by joint:
 *
 * <ul>
 *   <li><b>reach</b>: chunks with an action so far outside the joint's limits that the runtime
 *       refuses them, {@link Robot#actionSlack}: at most {@value #MORE} of all more than the
 *       incumbent's. A refused chunk leaves the arm with an old one.
 *   <li><b>speed</b>: steps from action to action that ask for more than the joint's velocity,
 *       likewise. The safety filter slows them, so the arm no longer does what was planned.
 *   <li><b>change</b>: the root mean square of candidate minus incumbent, at most {@value
 *       #MOST_CHANGE} of that of the way which the incumbent's chunks go, from their first action
 *       on. A policy that stays where the incumbent goes is at 1, one that goes as far the other
 *       way at 2; a better one may well go where the incumbent stays. The way counts as at least
 *       {@value #LEAST_WAY} of the joint's range, so that a joint which hardly moves is not
 *       measured by its noise.
 * </ul>
 *
 * Where there is no incumbent, reach and speed may be at most {@value #FIRST_MOST}: more than half
 * would be no policy for this robot.
 */
final class ActionBounds {
  private static final double MORE = 0.05;
  private static final double FIRST_MOST = 0.5;
  private static final double MOST_CHANGE = 2;
  private static final double LEAST_WAY = 0.01;

  private final Robot robot;
  private final PolicySpec spec;

  ActionBounds(Robot robot, PolicySpec spec) {
    this.robot = robot;
    this.spec = spec;
  }

  /**
   * Compares chunks, [observation][step][joint], not confined.
   *
   * @param incumbent on the same observations; of no rows: there is none
   */
  Finding judge(double[][] candidate, double[][] incumbent) {
    List<String> beyond = new ArrayList<>();
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("observations", (double) candidate.length);
    for (int at = 0; at < spec.joints().size(); at++) {
      Joint joint = robot.joints().get(robot.jointIndex(spec.joints().get(at)));
      require(
          beyond,
          numbers,
          joint.name() + ".refused",
          refused(candidate, joint, at),
          bound(refused(incumbent, joint, at), incumbent),
          "of its chunks are so far outside the limits that the runtime refuses them");
      require(
          beyond,
          numbers,
          joint.name() + ".fast",
          fast(candidate, joint, at),
          bound(fast(incumbent, joint, at), incumbent),
          "of its steps are faster than the joint may be");
      if (incumbent.length > 0) {
        require(
            beyond,
            numbers,
            joint.name() + ".change",
            change(candidate, incumbent, joint, at),
            MOST_CHANGE,
            "of the way that the incumbent commands is how far its own commands are from those");
      }
    }
    if (!beyond.isEmpty()) {
      return new Finding(Check.ACTIONS, Verdict.REFUSED, String.join("; ", beyond), numbers);
    }
    return new Finding(
        Check.ACTIONS,
        Verdict.PASSED,
        "on %s logged observations every joint stays within its bounds%s"
            .formatted(candidate.length, incumbent.length > 0 ? " and near the incumbent" : ""),
        numbers);
  }

  private static double bound(double share, double[][] incumbent) {
    return incumbent.length == 0 ? FIRST_MOST : share + MORE;
  }

  private static void require(
      List<String> beyond,
      Map<String, Double> numbers,
      String name,
      double found,
      double most,
      String what) {
    numbers.put(name, found);
    if (!(found <= most)) {
      beyond.add(
          String.format(
              Locale.ROOT,
              "joint '%s': %.3f %s, wanted at most %.3f",
              name.substring(0, name.lastIndexOf('.')),
              found,
              what,
              most));
    }
  }

  private double refused(double[][] chunks, Joint joint, int at) {
    double slack = robot.actionSlack() * (joint.positionMax() - joint.positionMin());
    int refused = 0;
    for (double[] chunk : chunks) {
      for (int i = at; i < chunk.length; i += spec.joints().size()) {
        if (!(chunk[i] >= joint.positionMin() - slack && chunk[i] <= joint.positionMax() + slack)) {
          refused++;
          break;
        }
      }
    }
    return share(refused, chunks.length);
  }

  private double fast(double[][] chunks, Joint joint, int at) {
    int width = spec.joints().size();
    double most = joint.velocityMax() * spec.periodNanos() * 1e-9;
    int fast = 0;
    int steps = 0;
    for (double[] chunk : chunks) {
      for (int i = at + width; i < chunk.length; i += width) {
        fast += Math.abs(chunk[i] - chunk[i - width]) <= most ? 0 : 1;
        steps++;
      }
    }
    return share(fast, steps);
  }

  private double change(double[][] candidate, double[][] incumbent, Joint joint, int at) {
    int width = spec.joints().size();
    double difference = 0;
    double way = 0;
    int count = 0;
    for (int row = 0; row < incumbent.length; row++) {
      for (int i = at; i < incumbent[row].length; i += width) {
        difference += square(candidate[row][i] - incumbent[row][i]);
        way += square(incumbent[row][i] - incumbent[row][at]);
        count++;
      }
    }
    double least = LEAST_WAY * (joint.positionMax() - joint.positionMin());
    return Math.sqrt(difference / count) / Math.max(least, Math.sqrt(way / count));
  }

  private static double square(double value) {
    return value * value;
  }

  private static double share(int some, int all) {
    return all == 0 ? 0 : (double) some / all;
  }
}
