package dev.forearm.ros.lifecycle;

import dev.forearm.ros.msg.lifecycle_msgs.State;
import java.util.Locale;

/** Where a node is in its life: four states that last, and six between them. */
public enum LifecycleState {
  UNKNOWN(State.PRIMARY_STATE_UNKNOWN),
  UNCONFIGURED(State.PRIMARY_STATE_UNCONFIGURED),
  INACTIVE(State.PRIMARY_STATE_INACTIVE),
  ACTIVE(State.PRIMARY_STATE_ACTIVE),
  FINALIZED(State.PRIMARY_STATE_FINALIZED),
  CONFIGURING(State.TRANSITION_STATE_CONFIGURING),
  CLEANINGUP(State.TRANSITION_STATE_CLEANINGUP),
  SHUTTINGDOWN(State.TRANSITION_STATE_SHUTTINGDOWN),
  ACTIVATING(State.TRANSITION_STATE_ACTIVATING),
  DEACTIVATING(State.TRANSITION_STATE_DEACTIVATING),
  ERRORPROCESSING(State.TRANSITION_STATE_ERRORPROCESSING);

  private final byte id;

  LifecycleState(byte id) {
    this.id = id;
  }

  State message() {
    return new State(id, name().toLowerCase(Locale.ROOT));
  }
}
