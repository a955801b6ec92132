package dev.forearm.runtime.safety;

import dev.forearm.runtime.robot.Robot;

/**
 * Decides what the control thread may do with the arm. Control thread; never allocates.
 *
 * <pre>
 *              engage                  fresh chunk
 *      IDLE ------------&gt; HOLD &lt;-----------------------&gt; RUN
 *       ^   from measured   |      trouble, at once       |
 *       |                   | trouble for ramp_down       | disengage
 *       |                   v                             |
 *       +------------- RAMP_DOWN &lt;------------------------+
 *       ^ disengaged        | at rest
 *       |                   +----------------&gt; STOPPED ---- signals are back ---&gt; HOLD, from measured
 *       |      reset        |  after a fault
 *       +---------------- FAULT
 * </pre>
 *
 * <p>A fault is what cannot be waited out: an e-stop, a joint that does not follow, a failure.
 * Nothing but a reset ends it, and a reset moves nothing: somebody has to engage the arm after it.
 *
 * <p>A person who took the arm over stands in for the chunks: they let the arm run while they say
 * something, and it holds, without an end, while they do not.
 *
 * <p>A lost joint state means that nobody knows where the arm is: when it is back, and what is
 * commanded has come to rest, holding starts over from the measured positions, and only a chunk
 * observed after that lets the arm run.
 */
public final class Supervisor {
  private final long rampDownNanos;
  private final boolean resumesByItself;

  private SafetyState state = SafetyState.IDLE;
  private SafetyReason reason = SafetyReason.NOT_ENGAGED;
  private EngageRequest served = EngageRequest.NONE;
  private long troubleSinceNanos;
  private long chunksSinceNanos = Long.MIN_VALUE;
  private boolean outOfTouch;

  public Supervisor(Robot robot) {
    rampDownNanos = robot.timeouts().rampDownNanos();
    resumesByItself = robot.resumesByItself();
  }

  public SafetyState state() {
    return state;
  }

  /** Why the arm does not follow its policy; NONE while it does. */
  public SafetyReason reason() {
    return reason;
  }

  /** Whether the arm is to be where it is commanded to be. */
  public boolean holdsOrRuns() {
    return state == SafetyState.HOLD || state == SafetyState.RUN;
  }

  /** Only chunks observed after this time count. */
  public long chunksSinceNanos() {
    return chunksSinceNanos;
  }

  /** Whether the next command must start over from measured positions. */
  public boolean mustRestart() {
    return outOfTouch || !state.commands();
  }

  /**
   * Takes one step.
   *
   * @param request the newest wish from outside
   * @param jointTrouble what is wrong with the joint state, or NONE
   * @param driverTrouble what is wrong with the newest chunk, or NONE; of a person who took the arm
   *     over, TAKEN_OVER or PERSON_SILENT
   * @param atRest whether the commanded motion rests
   * @return true if commands start over now: the filter must restart from measured positions
   */
  public boolean step(
      long now,
      EngageRequest request,
      SafetyReason jointTrouble,
      SafetyReason driverTrouble,
      boolean atRest) {
    if (jointTrouble != SafetyReason.NONE) {
      outOfTouch = true;
    }
    return switch (state) {
      case IDLE -> idle(now, request, jointTrouble);
      case HOLD -> hold(now, request, jointTrouble, driverTrouble, atRest);
      case RUN -> run(now, request, jointTrouble, driverTrouble);
      case RAMP_DOWN -> rampDown(now, atRest);
      case STOPPED -> stopped(now, request, jointTrouble, driverTrouble);
      case FAULT -> false;
    };
  }

  /** The target was not a number, seen while running. */
  public void refuseTarget(long now) {
    enter(SafetyState.HOLD, SafetyReason.TARGET_NOT_FINITE, now);
  }

  /**
   * Something that cannot be waited out: the arm ramps down, and nothing is sent afterwards until
   * somebody resets it and engages again.
   */
  public void fail(SafetyReason why, long now) {
    enter(state.commands() ? SafetyState.RAMP_DOWN : SafetyState.FAULT, why, now);
  }

  /**
   * A cycle failed. If that happens while the arm ramps down for the same reason, the ramp is not
   * to be trusted either, and it stops at once.
   */
  public void failed(long now) {
    boolean again = state == SafetyState.RAMP_DOWN && reason == SafetyReason.CONTROL_FAULT;
    if (again) {
      stop(SafetyReason.CONTROL_FAULT, now);
    } else {
      fail(SafetyReason.CONTROL_FAULT, now);
    }
  }

  /** Nothing can be sent any more, not even a ramp: stops at once. */
  public void stop(SafetyReason why, long now) {
    enter(SafetyState.FAULT, why, now);
  }

  /**
   * Somebody has looked at the arm: a fault ends.
   *
   * @param request the newest wish, which does not count as engaging again
   */
  public void reset(EngageRequest request, long now) {
    if (state == SafetyState.FAULT) {
      served = request;
      enter(SafetyState.IDLE, SafetyReason.NOT_ENGAGED, now);
    }
  }

  private boolean idle(long now, EngageRequest request, SafetyReason jointTrouble) {
    if (!request.engaged() || request == served) {
      served = request;
      reason = jointTrouble == SafetyReason.NONE ? SafetyReason.NOT_ENGAGED : jointTrouble;
      return false;
    }
    if (jointTrouble != SafetyReason.NONE) {
      reason = jointTrouble;
      return false;
    }
    served = request;
    return start(now);
  }

  private boolean hold(
      long now,
      EngageRequest request,
      SafetyReason jointTrouble,
      SafetyReason driverTrouble,
      boolean atRest) {
    if (request != served) {
      enter(SafetyState.RAMP_DOWN, SafetyReason.NOT_ENGAGED, now);
      return false;
    }
    if (jointTrouble == SafetyReason.NONE && outOfTouch && atRest) {
      return start(now);
    }
    SafetyReason trouble = jointTrouble;
    if (trouble == SafetyReason.NONE) {
      trouble = outOfTouch ? reason : driverTrouble; // until it rests, the loss is the reason
    }
    if (trouble.lets()) {
      enter(SafetyState.RUN, trouble, now);
    } else if (trouble == SafetyReason.PERSON_SILENT) {
      enter(SafetyState.HOLD, trouble, now); // for as long as it takes: somebody is there
    } else if (now - troubleSinceNanos > rampDownNanos) {
      enter(SafetyState.RAMP_DOWN, trouble, now);
    } else {
      reason = trouble;
    }
    return false;
  }

  private boolean run(
      long now, EngageRequest request, SafetyReason jointTrouble, SafetyReason driverTrouble) {
    if (request != served) {
      enter(SafetyState.RAMP_DOWN, SafetyReason.NOT_ENGAGED, now);
    } else if (jointTrouble != SafetyReason.NONE) {
      enter(SafetyState.HOLD, jointTrouble, now);
    } else if (!driverTrouble.lets()) {
      enter(SafetyState.HOLD, driverTrouble, now);
    } else {
      reason = driverTrouble;
    }
    return false;
  }

  private boolean rampDown(long now, boolean atRest) {
    if (atRest) {
      enter(afterRamp(), reason, now);
      chunksSinceNanos = now;
    }
    return false;
  }

  private SafetyState afterRamp() {
    if (reason.isFault()) {
      return SafetyState.FAULT;
    }
    return reason == SafetyReason.NOT_ENGAGED ? SafetyState.IDLE : SafetyState.STOPPED;
  }

  private boolean stopped(
      long now, EngageRequest request, SafetyReason jointTrouble, SafetyReason driverTrouble) {
    if (request != served) {
      enter(SafetyState.IDLE, SafetyReason.NOT_ENGAGED, now);
      return false;
    }
    boolean fine = jointTrouble == SafetyReason.NONE && driverTrouble.lets();
    return fine && resumesByItself && start(now);
  }

  private boolean start(long now) {
    enter(SafetyState.HOLD, SafetyReason.CHUNK_AWAITED, now);
    chunksSinceNanos = now;
    outOfTouch = false;
    return true;
  }

  private void enter(SafetyState next, SafetyReason why, long now) {
    state = next;
    reason = why;
    troubleSinceNanos = now;
  }
}
