/**
 * The control loop. {@link dev.forearm.runtime.control.CommandSink} is where its commands leave.
 * The control thread owns everything here: loop state, chunk blending, safety state and command
 * buffers. It never allocates, locks, logs, does I/O or waits for another thread.
 */
@NullMarked
package dev.forearm.runtime.control;

import org.jspecify.annotations.NullMarked;
