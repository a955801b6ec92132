package dev.forearm.launch.capture;

import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.policy.Maneuver;
import dev.forearm.runtime.policy.ManeuverPolicy;
import dev.forearm.runtime.safety.SafetyState;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * An arm that moves only while it does what it was just asked for: engaged for that, through the
 * safety filter and the limits of its robot file, and let go of at the end. The waiting thread's.
 */
final class GuidedArm {
  /** Further than this from where it was sent, rad or m, it has not arrived. */
  private static final double ARRIVED_MAX = 0.02;

  private final RobotSession session;
  private final ManeuverPolicy policy;
  private final Consumer<String> say;
  private boolean moving;
  private boolean finished;
  private long begunCycle; // of the control loop

  /**
   * @param session whose policy is {@code policy}; stays the caller's
   */
  GuidedArm(RobotSession session, ManeuverPolicy policy, Consumer<String> say) {
    this.session = session;
    this.policy = policy;
    this.say = say;
  }

  /** What drives a session for it. */
  static Mind mind(ManeuverPolicy policy) {
    return new Mind(policy, new float[0], "calibrate", "calibrate", "");
  }

  /**
   * Begins a maneuver.
   *
   * @return whether it did: not while one is under way or somebody else commands the arm
   */
  boolean begin(Maneuver maneuver) {
    return begin(maneuver, Long.MAX_VALUE);
  }

  /**
   * Begins a maneuver that lasts as long as somebody keeps it going.
   *
   * @param untilNanos on the session's clock
   * @return as {@link #begin(Maneuver)}
   */
  boolean begin(Maneuver maneuver, long untilNanos) {
    if (moving) {
      say.accept("the arm moves already; s stops it");
      return false;
    }
    if (session.bridge().commanders() > 1) {
      say.accept(
          "not moving: found %s commanders of the arm %s, wanted this one alone; stop the other"
              .formatted(session.bridge().commanders(), session.bridge().commanderNames()));
      return false;
    }
    moving = true;
    finished = false;
    begunCycle = session.control().board().snapshot().cycle();
    policy.begin(maneuver, untilNanos);
    session.control().engage();
    return true;
  }

  /** Keeps the maneuver under way going until then. */
  void keepGoing(long untilNanos) {
    policy.keepGoing(untilNanos);
  }

  /** Brings the arm to rest within its limits, if it moves, and lets go of it. */
  void stop() {
    if (moving) {
      letGo();
      say.accept("stopped");
    }
  }

  /** Whoever engages the arm after this finds it staying where it is. */
  private void letGo() {
    moving = false;
    session.control().disengage();
    policy.begin(new Maneuver.Stay());
  }

  /** Ends a fault, so that the arm may move again when it is asked to. */
  void reset() {
    session.control().reset();
  }

  /** Lets go of an arm that is there, or that something stopped. To be called often. */
  void turn() {
    if (!moving) {
      return;
    }
    ControlSnapshot now = session.control().board().snapshot();
    boolean heard = now.cycle() > begunCycle + 1; // before, the state is an older one
    boolean stopped =
        heard && (now.state() == SafetyState.STOPPED || now.state() == SafetyState.FAULT);
    if (!stopped && !policy.through()) {
      return;
    }
    finished = now.state() == SafetyState.RUN;
    letGo();
    if (!finished) {
      say.accept(
          "the arm did not get there: %s, %s%s%s"
              .formatted(
                  now.state(),
                  now.reason().meaning(),
                  now.culprit().isEmpty() ? "" : " (" + now.culprit() + ")",
                  now.state() == SafetyState.FAULT ? "; r ends the fault" : ""));
    }
  }

  /** Whether the last maneuver came to its end, with nothing wrong there. */
  boolean finished() {
    return finished;
  }

  boolean moving() {
    return moving;
  }

  /** Where the joints are, rad or m; 0 before the first joint states. */
  double[] measured() {
    return session.control().board().snapshot().measured();
  }

  /** Which joint is not where it was sent; empty if all are. */
  Optional<String> misses(double[] pose) {
    double[] at = measured();
    return IntStream.range(0, pose.length)
        .filter(j -> Math.abs(at[j] - pose[j]) > ARRIVED_MAX)
        .mapToObj(j ->
            String.format(
                Locale.ROOT,
                "%s is at %.3f and was sent to %.3f; do its limits or the workspace end before?",
                session.robot().jointNames().get(j),
                at[j],
                pose[j]))
        .findFirst();
  }
}
