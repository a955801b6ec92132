package dev.forearm.launch.faults;

/** What goes wrong. */
enum FaultKind {
  /** Some messages of a topic are lost. */
  DROP,
  /** The messages of a topic come later. */
  DELAY,
  /** Each message of a topic comes twice. */
  DUPLICATE,
  /** The messages of a topic come in another order. */
  REORDER,
  /** The transport refuses the messages of a topic. */
  REFUSE,
  /** What is measured stays what it was; its stamps go on. */
  FREEZE,
  /** A measured value is no number. */
  NOT_A_NUMBER,
  /** The stamps of what is measured jump. */
  STAMP_JUMP,
  /** The runtime's clock leaps: nothing of it ran for a while. */
  CLOCK_LEAP,
  /** Control cycles begin late, and some not at all. */
  LATE_CYCLES,
  /** A plan takes longer than a policy step. */
  SLOW_INFERENCE,
  /** What publishes the joint states ends; another begins afterwards. */
  KILLED_PUBLISHER,
  /** What serves an action refuses goals. */
  GOAL_REFUSED,
  /** A goal that is under way is aborted. */
  GOAL_ABORTED,
  /** A joint stays where it is, whatever it is told. */
  STUCK_JOINT,
  /** The policy's actions jump about within the joints' ranges. */
  WILD_ACTIONS,
  /** An action is no number, or far out of range. */
  NONSENSE_ACTIONS,
  /** The policy throws. */
  POLICY_THROWS,
  /** Another policy takes over. */
  SWAP,
  /** Somebody presses the e-stop, and lets it go at the fault's end. */
  E_STOP,
  /** A part of the runtime ends. */
  AGENT_ENDS
}
