/**
 * ROS 2 topics over rcljava, the Java client library of a ROS 2 workspace that has it: {@link
 * dev.forearm.rcljava.RcljavaProvider} is found where this jar and the workspace's are on the class
 * path. rcljava publishes objects of classes that its generator makes; {@link
 * dev.forearm.rcljava.MessageMapping} carries CDR into them and out of them, field by field.
 */
@NullMarked
package dev.forearm.rcljava;

import org.jspecify.annotations.NullMarked;
