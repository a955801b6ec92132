package dev.forearm.launch;

import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.msg.std_msgs.Bool;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;

/**
 * A real controller_manager of ros2_control with mock hardware in the shape of a robot file, and
 * what else an arm's driver tells.
 */
final class MockedArm implements AutoCloseable {
  private final Process manager;
  private final RosTransport transport;
  private final Publication description;
  private final Publication programRunning;

  /**
   * Starts it, with its joint states and the controller of its only joint group.
   *
   * @param controllers parameters of the manager and its controllers
   * @param inactive a controller that is loaded besides
   */
  MockedArm(Ros2Commands ros2, Robot robot, Path controllers, String inactive, Path log)
      throws Exception {
    transport =
        new CycloneTransport(
            DdsOptions.loopback(ros2.domain()).withNetworkInterface("localhost"), // as ROS 2 itself
            new MonotonicClock(),
            (agent, failure) -> {});
    description =
        transport.advertise(
            "/robot_description", dev.forearm.ros.msg.std_msgs.String.TYPE, Qos.LATCHED);
    programRunning =
        transport.advertise(
            robot.hardware().programRunning().orElseThrow(), Bool.TYPE, Qos.LATCHED);
    publish(description, new dev.forearm.ros.msg.std_msgs.String(urdf(robot)));
    publish(programRunning, new Bool(true));
    manager =
        ros2.start(
            "exec $(ros2 pkg prefix controller_manager)/lib/controller_manager/ros2_control_node"
                + " --ros-args --params-file %s > %s 2>&1".formatted(controllers, log));
    try {
      spawn(ros2, "joint_state_broadcaster");
      spawn(ros2, robot.groups().getFirst().controller().orElseThrow());
      spawn(ros2, inactive + " --inactive");
    } catch (Throwable failed) {
      close();
      throw failed;
    }
  }

  private static void spawn(Ros2Commands ros2, String controller) throws Exception {
    String _ = ros2.said("120 ros2 run controller_manager spawner " + controller, 0);
  }

  private static void publish(Publication publication, Message message) {
    CdrWriter writer = new CdrWriter(256);
    message.encode(writer);
    publication.publish(writer);
  }

  /** The chain of a robot file with mock hardware that starts at home and obeys at once. */
  private static String urdf(Robot robot) {
    StringBuilder text = new StringBuilder("<robot name=\"%s\">\n".formatted(robot.name()));
    StringBuilder hardware = new StringBuilder();
    String parent = robot.baseFrame();
    text.append("<link name=\"%s\"/>\n".formatted(parent));
    for (int i = 0; i < robot.chain().size(); i++) {
      ChainLink link = robot.chain().get(i);
      String child = i == robot.chain().size() - 1 ? robot.toolFrame() : "link_" + i;
      String origin =
          "<origin xyz=\"%s %s %s\" rpy=\"%s %s %s\"/>"
              .formatted(link.x(), link.y(), link.z(), link.roll(), link.pitch(), link.yaw());
      String ends = "<parent link=\"%s\"/><child link=\"%s\"/>".formatted(parent, child);
      text.append("<link name=\"%s\"/>\n".formatted(child));
      if (link.joint() == ChainLink.FIXED) {
        text.append(
            "<joint name=\"to_%s\" type=\"fixed\">%s%s</joint>\n".formatted(child, ends, origin));
      } else {
        Joint joint = robot.joints().get(link.joint());
        text.append(
            ("<joint name=\"%s\" type=\"revolute\">%s%s<axis xyz=\"%s %s %s\"/>"
                    + "<limit lower=\"%s\" upper=\"%s\" velocity=\"%s\" effort=\"%s\"/></joint>\n")
                .formatted(
                    joint.name(),
                    ends,
                    origin,
                    link.axisX(),
                    link.axisY(),
                    link.axisZ(),
                    joint.positionMin(),
                    joint.positionMax(),
                    joint.velocityMax(),
                    robot.hardware().effortMax().get(link.joint())));
        hardware.append(
            ("<joint name=\"%s\"><command_interface name=\"position\"/>"
                    + "<state_interface name=\"position\"><param name=\"initial_value\">%s</param>"
                    + "</state_interface><state_interface name=\"velocity\"/></joint>\n")
                .formatted(joint.name(), robot.hardware().home().get(link.joint())));
      }
      parent = child;
    }
    return text
        + """
        <ros2_control name="mock" type="system">
        <hardware><plugin>mock_components/GenericSystem</plugin><param name="calculate_dynamics">true</param></hardware>
        """
        + hardware
        + "</ros2_control>\n</robot>\n";
  }

  @Override
  public void close() {
    manager.destroyForcibly().onExit().join();
    description.close();
    programRunning.close();
    transport.close();
  }
}
