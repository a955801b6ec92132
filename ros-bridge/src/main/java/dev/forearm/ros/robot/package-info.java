/**
 * The robot's topics on one side, the runtime's signals and commands on the other. {@link
 * dev.forearm.ros.robot.RobotBridge} subscribes what the robot file names and writes it into the
 * signal slots; {@link dev.forearm.ros.robot.CommandPublisher} carries commands from the control
 * thread to the transport; {@link dev.forearm.ros.robot.EpisodeTap} writes what the runtime thinks
 * and does as standard messages into the episode.
 *
 * <p>Threads: receivers run on the transport's receive thread and write into its record ring; the
 * tap runs on the inference and control threads, each with a ring of its own; the command publisher
 * owns one thread, because a reliable DDS writer may wait for a slow reader and the control thread
 * may not.
 */
@NullMarked
package dev.forearm.ros.robot;

import org.jspecify.annotations.NullMarked;
