/**
 * Where frames stand to each other, as ROS 2's tf2 has it: {@link
 * dev.forearm.ros.tf.TransformBuffer} keeps what {@code /tf} and {@code /tf_static} say for some
 * seconds and answers for any two frames of a tree at any time in between; {@link
 * dev.forearm.ros.tf.StaticBroadcaster} says what never changes. A buffer is one thread's, the
 * transport's receive thread in a running robot; nothing here allocates once all frames are known.
 */
@NullMarked
package dev.forearm.ros.tf;

import org.jspecify.annotations.NullMarked;
