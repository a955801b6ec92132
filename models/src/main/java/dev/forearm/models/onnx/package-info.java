/**
 * ONNX graphs as plain Java values: read, checked, printed, written.
 *
 * <p>The main path: {@link dev.forearm.models.onnx.OnnxReader} turns a file into a {@link
 * dev.forearm.models.onnx.Graph} whose local functions are inlined, whose nodes are sorted and
 * whose names are unique; {@code onnx.build} infers types and appends nodes; {@link
 * dev.forearm.models.onnx.OnnxWriter} turns the graph back into a file. A file is hostile until it
 * was read: whatever is wrong with it is a {@link dev.forearm.models.ModelsFault} that names the
 * file, the node and the tensor.
 *
 * <p>Threads: nothing here is shared. A graph belongs to whoever read or built it; tensors are
 * immutable.
 */
@NullMarked
package dev.forearm.models.onnx;

import org.jspecify.annotations.NullMarked;
