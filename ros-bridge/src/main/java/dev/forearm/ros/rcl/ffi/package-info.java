/**
 * rcl's C functions through the foreign function layer. {@link
 * dev.forearm.ros.rcl.ffi.RosInstallation} says which ROS 2 is sourced, {@code RclLayouts} what its
 * structures look like (one table for all distributions that are known), {@code LayoutCheck}
 * compares that with what the libraries do before anything else is asked of them, and {@link
 * dev.forearm.ros.rcl.ffi.Rcl} binds the functions. The rest are rcl's own nouns: a context makes
 * nodes and guard conditions, a node makes publishers and subscribers, each owned by whoever asked
 * for it and finalised by {@code close}, before what made it.
 *
 * <p>A return code that is not OK becomes a RosFault with rcl's own words. rcl's threads never call
 * into Java.
 */
@NullMarked
package dev.forearm.ros.rcl.ffi;

import org.jspecify.annotations.NullMarked;
