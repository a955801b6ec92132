/**
 * Round trips over ROS 2 topics between two processes, ours and those of others, in turns. Each
 * peer is one program with two ends, {@code echo} and {@code ping}, that all understand the same:
 *
 * <pre>
 *   PEER echo PREFIX    until its input ends: sends back each joint state from PREFIX/ping on
 *                       PREFIX/pong, and of each image from PREFIX/image a joint state with its
 *                       stamp
 *   PEER ping PREFIX    for each line 'joint_states|images COUNT PERIOD_NS' sends so many at that
 *                       period, then prints 'rtt NS' for each answer, perhaps 'bytes PER_MESSAGE',
 *                       and 'end'; until its input ends
 * </pre>
 *
 * The stamp of a message is the sender's monotonic clock. Domain and interface are in the
 * environment. All ask for ROS 2's default quality of service. Only ours sends images.
 */
@NullMarked
package dev.forearm.bench.ros;

import org.jspecify.annotations.NullMarked;
