/**
 * One robot at work. {@link dev.forearm.launch.session.RobotSession} composes bridge, loops and
 * recorder, once for every command; a {@link dev.forearm.launch.session.Drive} holds the only
 * differences between real time over DDS and lockstep in one process. {@link
 * dev.forearm.launch.session.Episodes} then plays episode after episode: reset the task, engage,
 * wait, let go, judge.
 *
 * <p>Everything here is called from the command's own thread; the duties run where the drive puts
 * them: on threads of their own, or inline on that same thread.
 */
@NullMarked
package dev.forearm.launch.session;

import org.jspecify.annotations.NullMarked;
