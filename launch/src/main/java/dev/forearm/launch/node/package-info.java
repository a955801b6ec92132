/**
 * What a running robot shows of itself to ROS 2, and takes from it, beside the topics it is driven
 * by: its log, its diagnostics and policy status, and services. Everything here is on the node's
 * own thread or the transport's service thread; control waits for none of it.
 */
@NullMarked
package dev.forearm.launch.node;

import org.jspecify.annotations.NullMarked;
