/**
 * Who owns a thread. An {@link dev.forearm.runtime.agent.Agent} is one duty with a start and an
 * end; an {@link dev.forearm.runtime.agent.AgentRunner} owns the thread that all of them run on,
 * and tells a {@link dev.forearm.runtime.agent.FailureHandler} what ended it too early.
 *
 * <pre>
 *   PeriodicRunner  doWork once a period, by a Pace         control, inference, physics, cameras
 *   WakefulRunner   doWork while there is work, then waits  commands, recorder, receiving, window
 * </pre>
 *
 * {@link dev.forearm.runtime.agent.CycleStatistics} is what a periodic thread measures of itself.
 */
@NullMarked
package dev.forearm.runtime.agent;

import org.jspecify.annotations.NullMarked;
