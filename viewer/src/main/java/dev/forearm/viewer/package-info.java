/**
 * The window on one robot: what its cameras see, where its joints are, what the safety layer says,
 * how regular its loops are, and the future it imagines beside what comes about.
 *
 * <p>{@link dev.forearm.viewer.Viewer} opens the window. It is fed by the robot's image topics, by
 * {@link dev.forearm.viewer.ForesightTap} and by snapshots of {@link dev.forearm.viewer.Telemetry}
 * that the program takes from the runtime's boards; {@code LiveModel} makes of them what the panels
 * draw. {@link dev.forearm.viewer.EpisodeViewer} shows the same model the moments of a recorded
 * episode. {@link dev.forearm.viewer.LearningViewer} is the window on a learner.
 *
 * <p>Threads: all that is drawn belongs to the one thread {@code viewer}, which nobody waits for,
 * or, of episodes and learners, to the thread that asks for it. Image handlers run on the
 * transport's receive thread, the tap on the inference thread; both hand over without waiting.
 * Nothing here can command an arm, and a window that cannot be opened costs one message.
 */
@NullMarked
package dev.forearm.viewer;

import org.jspecify.annotations.NullMarked;
