/**
 * A node's parameters. {@link dev.forearm.ros.parameter.Parameters} holds what was declared and
 * sees to types, ranges and what is read-only; {@code ParameterServices} lets ROS 2 tools at it.
 * Values and descriptors are the generated messages of {@code rcl_interfaces}. {@link
 * dev.forearm.ros.parameter.ParameterOverride} is what a command line or a parameter file gives in
 * place of a default.
 */
@NullMarked
package dev.forearm.ros.parameter;

import org.jspecify.annotations.NullMarked;
