/**
 * A robot to work with where there is none: MuJoCo physics of a seven-joint arm at a table,
 * speaking the topics of a real one. {@link dev.forearm.sim.SimFault} is the module's one
 * exception.
 */
@NullMarked
package dev.forearm.sim;

import org.jspecify.annotations.NullMarked;
