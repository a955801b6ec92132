/**
 * What a state, or a future, is worth, learned from logs by small networks: {@link
 * dev.forearm.models.value.Perceptron}, several of them that see how far they agree ({@link
 * dev.forearm.models.value.ValueEnsemble}), and what they are trained on ({@link
 * dev.forearm.models.value.Returns}).
 *
 * <p>Threads: the caller's, one.
 */
@NullMarked
package dev.forearm.models.value;

import org.jspecify.annotations.NullMarked;
