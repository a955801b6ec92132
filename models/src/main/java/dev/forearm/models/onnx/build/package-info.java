/**
 * Knowing the type of every value of a graph, and appending nodes to it.
 *
 * <p>{@link dev.forearm.models.onnx.build.TypeTable} walks a graph once: element types, shapes with
 * symbolic dimensions, and the values of small integer tensors, because shapes are computed from
 * those. {@link dev.forearm.models.onnx.build.GraphBuilder} appends nodes and keeps the table up to
 * date; gradients and losses are written with it.
 *
 * <p>Threads: a builder belongs to one thread, like its graph.
 */
@NullMarked
package dev.forearm.models.onnx.build;

import org.jspecify.annotations.NullMarked;
