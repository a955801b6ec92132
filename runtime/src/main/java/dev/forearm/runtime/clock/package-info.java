/**
 * Time. Every component takes its time from a {@link dev.forearm.runtime.clock.Clock}: monotonic on
 * the robot, simulated for lockstep training and tests. Nothing else in the house reads the system
 * clock to make a decision.
 */
@NullMarked
package dev.forearm.runtime.clock;

import org.jspecify.annotations.NullMarked;
