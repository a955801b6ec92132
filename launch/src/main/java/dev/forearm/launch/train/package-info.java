/**
 * Gradients and training from the command line: {@link dev.forearm.launch.train.GradCommand} says
 * what can be differentiated and checks it, {@link dev.forearm.launch.train.TrainCommand} trains.
 * The work is {@code models.grad} and {@code models.train}; here are options, progress and
 * pictures.
 */
@NullMarked
package dev.forearm.launch.train;

import org.jspecify.annotations.NullMarked;
