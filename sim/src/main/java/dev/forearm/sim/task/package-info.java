/**
 * What there is to do. {@link dev.forearm.sim.task.Task} names the tasks with their stages and time
 * limits; {@link dev.forearm.sim.task.TaskMonitor} watches the true state of the scene, on the
 * physics thread, and judges. What it says is ground truth: the runtime may show and record it, no
 * policy sees it.
 */
@NullMarked
package dev.forearm.sim.task;

import org.jspecify.annotations.NullMarked;
