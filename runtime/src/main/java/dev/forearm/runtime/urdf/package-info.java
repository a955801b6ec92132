/**
 * Robots from their own descriptions. {@link dev.forearm.runtime.urdf.Urdf} is a URDF file as a
 * checked tree of links and joints, {@link dev.forearm.runtime.urdf.Srdf} and {@link
 * dev.forearm.runtime.urdf.JointLimits} are the files that MoveIt puts beside it, and {@link
 * dev.forearm.runtime.urdf.RobotImport} makes a robot file of them. Whatever a robot file cannot
 * say is refused by name. Used while starting up, by one thread.
 */
@NullMarked
package dev.forearm.runtime.urdf;

import org.jspecify.annotations.NullMarked;
