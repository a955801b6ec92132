/**
 * CDR, the wire format of ROS 2 messages over DDS: plain CDR version 1 (OMG XTypes 1.3, 7.4.1, and
 * its encapsulation header, 7.6.3.1.2), values aligned to their own size counted from behind the
 * header. {@link dev.forearm.ros.cdr.CdrWriter} writes the machine's byte order, {@link
 * dev.forearm.ros.cdr.CdrReader} reads both and trusts no length it is given. The sequences are the
 * storage of generated message buffers. Everything here belongs to one thread at a time.
 */
@NullMarked
package dev.forearm.ros.cdr;

import org.jspecify.annotations.NullMarked;
