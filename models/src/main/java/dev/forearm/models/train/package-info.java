/**
 * Learning on the robot: a training graph, examples and an optimizer make better weights.
 *
 * <p>A training graph is plain ONNX that computes a loss and its gradients ({@code grad} derives
 * it). {@link dev.forearm.models.train.Trainer} is the main path; one {@code step()} is
 *
 * <pre>
 *   RowStore --Mixture--> data inputs --+
 *   ParameterVector --weights-----> ONNX Runtime --> loss, gradients --> clip --> Optimizer
 *        ^                                                                          |
 *        +--------------------------------------------------------------------------+
 * </pre>
 *
 * All trainable parameters live end to end in one vector outside the heap, laid out by {@link
 * dev.forearm.models.train.ParameterLayout}; so do their gradients and the optimizer's moments.
 * ONNX Runtime reads and writes slices of these vectors in place, and an optimizer step is one pass
 * over them.
 *
 * <p>Everything is a function of the settings, the examples and the number of the step: equal runs
 * give equal bits on a CPU, and a run resumed from a {@link
 * dev.forearm.models.train.CheckpointStore checkpoint} goes on exactly as the one it was taken
 * from.
 *
 * <p>Threads: a trainer and all it owns belong to one thread, the learner's. The learner runs in a
 * process of its own; {@link dev.forearm.models.train.Pace} and the affinity in the settings keep
 * it off the cores that control the arm.
 */
@NullMarked
package dev.forearm.models.train;

import org.jspecify.annotations.NullMarked;
