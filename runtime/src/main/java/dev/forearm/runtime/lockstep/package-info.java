/**
 * The whole robot on one thread and a simulated clock. {@link
 * dev.forearm.runtime.lockstep.Lockstep} calls the same duties that the real-time threads call, in
 * a fixed order, as fast as the machine can; {@link dev.forearm.runtime.lockstep.CommandTrace}
 * hashes every command, so that two runs can be told apart or shown equal.
 */
@NullMarked
package dev.forearm.runtime.lockstep;

import org.jspecify.annotations.NullMarked;
