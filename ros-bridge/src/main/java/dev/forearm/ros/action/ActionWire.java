package dev.forearm.ros.action;

import dev.forearm.ros.ActionType;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.unique_identifier_msgs.UUID;

/** The messages that carry an action's goals, results and feedback, whatever these are. */
final class ActionWire {
  private ActionWire() {}

  /** {@code SendGoal_Request}. */
  record GoalRequest<G extends Message>(MessageType messageType, UUID id, G goal)
      implements Message {
    @Override
    public void write(CdrWriter writer) {
      id.write(writer);
      goal.write(writer);
    }
  }

  /** {@code SendGoal_Response}. */
  record GoalResponse(MessageType messageType, boolean accepted, Time stamp) implements Message {
    @Override
    public void write(CdrWriter writer) {
      writer.writeBool(accepted);
      stamp.write(writer);
    }
  }

  /** {@code GetResult_Request}. */
  record ResultRequest(MessageType messageType, UUID id) implements Message {
    @Override
    public void write(CdrWriter writer) {
      id.write(writer);
    }
  }

  /** {@code GetResult_Response}. */
  record ResultResponse<R extends Message>(MessageType messageType, byte status, R result)
      implements Message {
    @Override
    public void write(CdrWriter writer) {
      writer.writeInt8(status);
      result.write(writer);
    }
  }

  /** {@code FeedbackMessage}. */
  record FeedbackMessage<F extends Message>(MessageType messageType, UUID id, F feedback)
      implements Message {
    @Override
    public void write(CdrWriter writer) {
      id.write(writer);
      feedback.write(writer);
    }
  }

  static <G extends Message> ServiceType<GoalRequest<G>, GoalResponse> sendGoal(
      ActionType<G, ?, ?> type) {
    MessageType request = type.sendGoalRequest();
    MessageType response = type.sendGoalResponse();
    return new ServiceType<>(
        type.name() + "_SendGoal",
        request,
        response,
        reader -> new GoalRequest<>(request, UUID.read(reader), type.readGoal().apply(reader)),
        reader -> new GoalResponse(response, reader.readBool(), Time.read(reader)));
  }

  static <R extends Message> ServiceType<ResultRequest, ResultResponse<R>> getResult(
      ActionType<?, R, ?> type) {
    MessageType request = type.getResultRequest();
    MessageType response = type.getResultResponse();
    return new ServiceType<>(
        type.name() + "_GetResult",
        request,
        response,
        reader -> new ResultRequest(request, UUID.read(reader)),
        reader ->
            new ResultResponse<>(response, reader.readInt8(), type.readResult().apply(reader)));
  }

  static <F extends Message> FeedbackMessage<F> readFeedback(
      ActionType<?, ?, F> type, CdrReader reader) {
    return new FeedbackMessage<>(
        type.feedbackMessage(), UUID.read(reader), type.readFeedback().apply(reader));
  }
}
