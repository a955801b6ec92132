/**
 * ONNX Runtime sessions over memory that Java owns.
 *
 * <p>{@link dev.forearm.models.ort.OrtRuntime} finds and loads the library, once a process. It
 * opens {@link dev.forearm.models.ort.InferenceSession}s; a session makes {@link
 * dev.forearm.models.ort.Binding}s, which tie names to preallocated {@link
 * dev.forearm.models.ort.Tensor}s; {@code Binding.run()} then computes without allocating in Java.
 * Weights are tensors too, given to a session by initializer name ({@link
 * dev.forearm.models.ort.SessionOptions}), so a new checkpoint is a new session of a few
 * milliseconds.
 *
 * <p>Threads: the runtime may be shared by all threads and a session may run on several at once; a
 * binding and the tensors bound to it belong to one thread at a time. Everything native is closed
 * by its owner: bindings before their session, tensors after whatever they are bound to.
 */
@NullMarked
package dev.forearm.models.ort;

import org.jspecify.annotations.NullMarked;
