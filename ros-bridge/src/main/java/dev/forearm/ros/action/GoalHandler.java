package dev.forearm.ros.action;

import dev.forearm.ros.Message;

/** Does what an action's goals ask for. Called on the transport's service thread; be brief. */
public interface GoalHandler<G extends Message, R extends Message, F extends Message> {
  /** Whether a goal is taken on. Its {@link #begin} comes next. */
  boolean accepts(G goal);

  /** Begins it; somebody later ends it by {@link ActionGoal}'s methods. */
  void begin(ActionGoal<G, R, F> goal);

  /** Whether a goal under way may be cancelled; if so, somebody ends it soon. */
  default boolean mayCancel(ActionGoal<G, R, F> goal) {
    return true;
  }
}
