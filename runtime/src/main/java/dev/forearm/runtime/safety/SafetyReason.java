package dev.forearm.runtime.safety;

/** Why the arm does not follow its policy, or why a chunk was refused. */
public enum SafetyReason {
  NONE("nothing is wrong"),
  NOT_ENGAGED("nobody has engaged the arm"),
  JOINT_STATE_MISSING("no joint state has arrived yet"),
  JOINT_STATE_STALE("joint state stopped arriving"),
  JOINT_STATE_NOT_FINITE("a measured joint position is not a number"),
  JOINT_OUTSIDE_LIMITS("a joint was measured outside its limits; move it back by hand"),
  OBSERVATION_MISSING("an observed signal has not arrived yet"),
  OBSERVATION_STALE("an observed signal stopped arriving"),
  OBSERVATION_NOT_FINITE("an observed signal is not a number"),
  CHUNK_AWAITED("no chunk has been planned since the arm was engaged or lost its joint state"),
  CHUNK_STALE("the policy stopped planning"),
  POLICY_FAILED("the policy threw an exception"),
  ACTION_NOT_FINITE("the actor's output is not a number"),
  ACTION_OUT_OF_RANGE("the actor's output is far outside the joint limits"),
  FORESIGHT("what happens is not what was imagined"),
  TAKEN_OVER("a person drives"),
  PERSON_SILENT("the person who took the arm over says nothing; go on, or release the arm"),
  TRACKING_ERROR("a joint does not follow its command"),
  E_STOP("somebody stopped the arm"),
  TARGET_NOT_FINITE("the interpolated target is not a number"),
  CONTROL_FAULT("the control loop threw an exception"),
  AGENT_FAILED("a part of the runtime ended; see the log");

  private final String meaning;

  SafetyReason(String meaning) {
    this.meaning = meaning;
  }

  /** Whether a person has to look at the arm, and reset it, before anybody may engage it again. */
  boolean isFault() {
    return switch (this) {
      case E_STOP, TRACKING_ERROR, CONTROL_FAULT, AGENT_FAILED -> true;
      case NONE,
          NOT_ENGAGED,
          JOINT_STATE_MISSING,
          JOINT_STATE_STALE,
          JOINT_STATE_NOT_FINITE,
          JOINT_OUTSIDE_LIMITS,
          OBSERVATION_MISSING,
          OBSERVATION_STALE,
          OBSERVATION_NOT_FINITE,
          CHUNK_AWAITED,
          CHUNK_STALE,
          POLICY_FAILED,
          ACTION_NOT_FINITE,
          ACTION_OUT_OF_RANGE,
          FORESIGHT,
          TAKEN_OVER,
          PERSON_SILENT,
          TARGET_NOT_FINITE ->
          false;
    };
  }

  /** Whether the arm may run for it: after its policy, or after a person. */
  boolean lets() {
    return this == NONE || this == TAKEN_OVER;
  }

  /** One clause for people. */
  public String meaning() {
    return meaning;
  }
}
