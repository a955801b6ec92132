/**
 * ROS 2 topics and services by way of rcl, the C library under every ROS 2 client library, taken
 * from the ROS 2 that is sourced. {@link dev.forearm.ros.rcl.RclTransport} is a node like any
 * other: it speaks by whatever middleware {@code RMW_IMPLEMENTATION} names, and domain, discovery
 * range and security enclave are read from the environment by rcl itself. Messages travel
 * serialized, as CDR both ways.
 *
 * <p>Each transport owns one context and one node. A <em>receive</em> thread waits for all
 * subscriptions and calls their handlers; a <em>graph</em> thread wakes when somebody comes or goes
 * and says who cannot be heard; a <em>services</em> thread, with the first service, takes requests
 * and answers; publications write from the thread that publishes. What rcl made is finalised in the
 * opposite order: threads end, then subscriptions and publications, wait sets and guard conditions,
 * the node, the context. A subscription that is closed earlier is finalised by the receive thread,
 * which may be waiting for it.
 */
@NullMarked
package dev.forearm.ros.rcl;

import org.jspecify.annotations.NullMarked;
