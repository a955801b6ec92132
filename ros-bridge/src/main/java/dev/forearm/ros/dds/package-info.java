/**
 * ROS 2 topics over Eclipse Cyclone DDS, without a ROS 2 installation. {@link
 * dev.forearm.ros.dds.CycloneTransport} joins a ROS domain; topic and type names, quality of
 * service and user data are as the ROS 2 middleware writes them, so ROS 2 nodes see one of their
 * own. One receive thread a transport waits for all its subscriptions and calls their handlers;
 * publications write from the thread that publishes.
 */
@NullMarked
package dev.forearm.ros.dds;

import org.jspecify.annotations.NullMarked;
