/**
 * Reverse-mode differentiation of ONNX graphs, in Java, into plain ONNX.
 *
 * <p>{@link dev.forearm.models.grad.RuleTable} maps an operator to the rule that carries a gradient
 * from its outputs to its inputs; {@link dev.forearm.models.grad.Gradients} is the one reverse walk
 * that applies them, and alone accumulates and undoes broadcasting. Around them: {@link
 * dev.forearm.models.grad.Losses} as graph fragments, {@link dev.forearm.models.grad.TrainableSet}
 * and {@link dev.forearm.models.grad.LoraAdapters} that say what is trained, {@link
 * dev.forearm.models.grad.GraphChain} that feeds one graph into another, {@link
 * dev.forearm.models.grad.GradientCheck} that compares gradients with finite differences.
 *
 * <p>Threads: nothing is shared; a graph and its builder belong to the caller's thread.
 */
@NullMarked
package dev.forearm.models.grad;

import org.jspecify.annotations.NullMarked;
