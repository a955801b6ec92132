package dev.forearm.ros.lifecycle;

import static dev.forearm.ros.lifecycle.LifecycleState.ACTIVATING;
import static dev.forearm.ros.lifecycle.LifecycleState.ACTIVE;
import static dev.forearm.ros.lifecycle.LifecycleState.CLEANINGUP;
import static dev.forearm.ros.lifecycle.LifecycleState.CONFIGURING;
import static dev.forearm.ros.lifecycle.LifecycleState.DEACTIVATING;
import static dev.forearm.ros.lifecycle.LifecycleState.ERRORPROCESSING;
import static dev.forearm.ros.lifecycle.LifecycleState.FINALIZED;
import static dev.forearm.ros.lifecycle.LifecycleState.INACTIVE;
import static dev.forearm.ros.lifecycle.LifecycleState.SHUTTINGDOWN;
import static dev.forearm.ros.lifecycle.LifecycleState.UNCONFIGURED;

import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.msg.lifecycle_msgs.TransitionDescription;
import java.util.Arrays;
import java.util.Optional;

/** From one state to another; numbers and labels are rcl_lifecycle's. */
public enum LifecycleTransition {
  CONFIGURE(1, "configure", UNCONFIGURED, CONFIGURING),
  ON_CONFIGURE_SUCCESS(10, "transition_success", CONFIGURING, INACTIVE),
  ON_CONFIGURE_FAILURE(11, "transition_failure", CONFIGURING, UNCONFIGURED),
  ON_CONFIGURE_ERROR(12, "transition_error", CONFIGURING, ERRORPROCESSING),
  CLEANUP(2, "cleanup", INACTIVE, CLEANINGUP),
  ON_CLEANUP_SUCCESS(20, "transition_success", CLEANINGUP, UNCONFIGURED),
  ON_CLEANUP_FAILURE(21, "transition_failure", CLEANINGUP, INACTIVE),
  ON_CLEANUP_ERROR(22, "transition_error", CLEANINGUP, ERRORPROCESSING),
  ACTIVATE(3, "activate", INACTIVE, ACTIVATING),
  ON_ACTIVATE_SUCCESS(30, "transition_success", ACTIVATING, ACTIVE),
  ON_ACTIVATE_FAILURE(31, "transition_failure", ACTIVATING, INACTIVE),
  ON_ACTIVATE_ERROR(32, "transition_error", ACTIVATING, ERRORPROCESSING),
  DEACTIVATE(4, "deactivate", ACTIVE, DEACTIVATING),
  ON_DEACTIVATE_SUCCESS(40, "transition_success", DEACTIVATING, INACTIVE),
  ON_DEACTIVATE_FAILURE(41, "transition_failure", DEACTIVATING, ACTIVE),
  ON_DEACTIVATE_ERROR(42, "transition_error", DEACTIVATING, ERRORPROCESSING),
  UNCONFIGURED_SHUTDOWN(5, "shutdown", UNCONFIGURED, SHUTTINGDOWN),
  INACTIVE_SHUTDOWN(6, "shutdown", INACTIVE, SHUTTINGDOWN),
  ACTIVE_SHUTDOWN(7, "shutdown", ACTIVE, SHUTTINGDOWN),
  ON_SHUTDOWN_SUCCESS(50, "transition_success", SHUTTINGDOWN, FINALIZED),
  ON_SHUTDOWN_FAILURE(51, "transition_failure", SHUTTINGDOWN, FINALIZED),
  ON_SHUTDOWN_ERROR(52, "transition_error", SHUTTINGDOWN, ERRORPROCESSING),
  ON_ERROR_SUCCESS(60, "transition_success", ERRORPROCESSING, UNCONFIGURED),
  ON_ERROR_FAILURE(61, "transition_failure", ERRORPROCESSING, FINALIZED),
  ON_ERROR_ERROR(62, "transition_error", ERRORPROCESSING, FINALIZED);

  final LifecycleState start;
  final LifecycleState goal;
  private final byte id;
  private final String label;

  LifecycleTransition(int id, String label, LifecycleState start, LifecycleState goal) {
    this.id = (byte) id;
    this.label = label;
    this.start = start;
    this.goal = goal;
  }

  Transition message() {
    return new Transition(id, label);
  }

  TransitionDescription description() {
    return new TransitionDescription(message(), start.message(), goal.message());
  }

  /** The one that was asked for, by number or by label, if it leads from {@code state}. */
  static Optional<LifecycleTransition> asked(Transition wanted, LifecycleState state) {
    return Arrays.stream(values())
        .filter(each -> each.start == state && each.isMeantBy(wanted))
        .findFirst();
  }

  /** A label counts where one is given: the number of none is 0, which is no number of these. */
  private boolean isMeantBy(Transition wanted) {
    return (wanted.id() == 0 || !wanted.label().isEmpty())
        ? label.equals(wanted.label())
        : id == wanted.id();
  }

  /** The one that leads on from the state that this leads to. */
  LifecycleTransition then(boolean success) {
    String next = success ? "transition_success" : "transition_failure";
    return Arrays.stream(values())
        .filter(each -> each.start == goal && each.label.equals(next))
        .findFirst()
        .orElseThrow();
  }
}
