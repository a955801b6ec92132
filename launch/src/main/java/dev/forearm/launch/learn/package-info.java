/**
 * The learner as a program. It runs beside the runtime, never in it, and speaks to it through
 * folders: episodes come in, candidates go out.
 *
 * <pre>
 *   interact       Practice plays episodes --+
 *   from episodes  a folder of recordings ---+--> Lessons --Improvement--> candidate
 *   follow         a folder that grows ------+                                |
 *                                                interact: Comparison on the same starts,
 *                                                which the incumbent must not win
 * </pre>
 *
 * {@link dev.forearm.launch.learn.Method} is what a method's file says; {@link
 * dev.forearm.launch.learn.Learner} is a learner's folder and its iterations, and can be killed at
 * any point; {@link dev.forearm.launch.learn.ExperimentCell} is one cell of the experiment, {@link
 * dev.forearm.launch.learn.ExperimentTable} what many of them say.
 *
 * <p>Threads: the command's.
 */
@NullMarked
package dev.forearm.launch.learn;

import org.jspecify.annotations.NullMarked;
