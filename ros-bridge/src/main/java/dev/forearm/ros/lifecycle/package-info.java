/**
 * A node's lifecycle, as ROS 2 manages it: {@link dev.forearm.ros.lifecycle.Lifecycle} keeps the
 * state, serves {@code ros2 lifecycle} and has the program's own thread do what a transition asks
 * of it. States and transitions are those of rcl_lifecycle.
 */
@NullMarked
package dev.forearm.ros.lifecycle;

import org.jspecify.annotations.NullMarked;
