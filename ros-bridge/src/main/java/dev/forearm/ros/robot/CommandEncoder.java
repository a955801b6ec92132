package dev.forearm.ros.robot;

import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.runtime.robot.Robot;

/**
 * Encodes commands in the form that the robot file asks for. Owned by one thread; allocates nothing
 * after the first command.
 */
final class CommandEncoder {
  private final CdrWriter writer = new CdrWriter(1024);
  private final Form form;

  CommandEncoder(Robot robot) {
    form =
        switch (robot.topics().commandForm()) {
          case POSITIONS -> new Positions();
          case TRAJECTORY -> new Trajectory(robot);
        };
  }

  static String topic(Robot robot) {
    return switch (robot.topics().commandForm()) {
      case POSITIONS -> robot.topics().commands();
      case TRAJECTORY -> robot.topics().jointTrajectory();
    };
  }

  static MessageType type(Robot robot) {
    return switch (robot.topics().commandForm()) {
      case POSITIONS -> Float64MultiArray.TYPE;
      case TRAJECTORY -> JointTrajectory.TYPE;
    };
  }

  /** The encoded command, valid until the next call. Positions in command order, rad or m. */
  CdrWriter encode(double[] positions) {
    form.fill(positions).encode(writer);
    return writer;
  }

  private interface Form {
    Message fill(double[] positions);
  }

  /** As forward_command_controller takes it. */
  private static final class Positions implements Form {
    private final Float64MultiArray.Buffer message = new Float64MultiArray.Buffer();

    @Override
    public Message fill(double[] positions) {
      message.data.assign(positions, positions.length);
      return message;
    }
  }

  /**
   * As joint_trajectory_controller takes it: one point, due one control period from now. The stamp
   * stays zero, which means "start at once" whatever the controller's clock says.
   */
  private static final class Trajectory implements Form {
    private final JointTrajectory.Buffer message = new JointTrajectory.Buffer();

    Trajectory(Robot robot) {
      message.jointNames.assign(robot.jointNames());
      message.points.resize(1);
      RosTime.set(message.points.get(0).timeFromStart, robot.controlPeriodNanos());
    }

    @Override
    public Message fill(double[] positions) {
      message.points.get(0).positions.assign(positions, positions.length);
      return message;
    }
  }
}
