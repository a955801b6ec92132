/**
 * The one door to whatever carries ROS 2 topics: {@link dev.forearm.ros.transport.TransportOptions}
 * says which way and where, and opens it. Nobody else names a transport's own classes.
 */
@NullMarked
package dev.forearm.ros.transport;

import org.jspecify.annotations.NullMarked;
