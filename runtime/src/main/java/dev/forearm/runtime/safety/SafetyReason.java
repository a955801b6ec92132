package dev.forearm.runtime.safety;

/** Why the arm is not running, or why a chunk was refused. */
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
  TARGET_NOT_FINITE("the interpolated target is not a number"),
  CONTROL_FAULT("the control loop threw an exception"),
  AGENT_FAILED("a part of the runtime ended; see the log");

  private final String meaning;

  SafetyReason(String meaning) {
    this.meaning = meaning;
  }

  /** One clause for people. */
  public String meaning() {
    return meaning;
  }
}
