/**
 * ROS 2 as the rest of the house sees it. A {@link dev.forearm.ros.RosTransport} advertises and
 * subscribes topics; what travels is CDR, always with its four-byte encapsulation header, so that a
 * recorder can keep exactly the bytes that came in. The messages in {@code dev.forearm.ros.msg} are
 * generated from {@code .msg} definitions at build time; each has a record for convenience and a
 * {@code Buffer} for storage that is reused and allocates nothing.
 *
 * <p>Main path: {@code Publication.publish} hands CDR to the transport; a transport's one receive
 * thread (or, in process, the publishing thread itself) hands it to every subscription's {@link
 * dev.forearm.ros.CdrHandler}.
 */
@NullMarked
package dev.forearm.ros;

import org.jspecify.annotations.NullMarked;
