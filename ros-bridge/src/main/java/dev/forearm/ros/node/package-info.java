/**
 * What a program is as a ROS 2 node, over whatever transport. A {@link dev.forearm.ros.node.Node}
 * is itself a transport, which resolves and remaps names before it hands them on, and has
 * parameters, a clock and a log that ROS 2 tools see. {@link dev.forearm.ros.node.RosArguments} is
 * what {@code --ros-args} says.
 */
@NullMarked
package dev.forearm.ros.node;

import org.jspecify.annotations.NullMarked;
