/**
 * The {@code forearm} program. {@link dev.forearm.launch.Main} reads the command line and hands
 * over to one command a file; the commands that move a robot compose the other modules through one
 * session, so that real time over DDS and lockstep in one process differ in clock, transport and
 * runner alone. Commands run on the main thread.
 */
@NullMarked
package dev.forearm.launch;

import org.jspecify.annotations.NullMarked;
