package dev.forearm.ros;

import dev.forearm.ros.cdr.CdrReader;
import java.util.function.Function;

/**
 * A ROS action type, as generated from its {@code .action} definition.
 *
 * @param name ROS name, for example {@code control_msgs/action/FollowJointTrajectory}
 * @param sendGoalRequest a goal and its id
 * @param sendGoalResponse whether it was accepted
 * @param getResultRequest the id of a goal
 * @param getResultResponse its status and result
 * @param feedbackMessage feedback and the goal's id
 * @param readGoal reads one at the reader's position
 * @param readResult reads one at the reader's position
 * @param readFeedback reads one at the reader's position
 */
public record ActionType<G extends Message, R extends Message, F extends Message>(
    String name,
    MessageType sendGoalRequest,
    MessageType sendGoalResponse,
    MessageType getResultRequest,
    MessageType getResultResponse,
    MessageType feedbackMessage,
    Function<CdrReader, G> readGoal,
    Function<CdrReader, R> readResult,
    Function<CdrReader, F> readFeedback) {
  @Override
  public String toString() {
    return name;
  }
}
