/**
 * ONNX policies on the robot: bundles are read and checked ({@code bundle}), their graphs run by
 * ONNX Runtime ({@code ort}, bound in {@code ffi}) over weights from safetensors files ({@code
 * safetensors}), and the two graphs act as one policy ({@code policy}).
 *
 * <p>Whatever goes wrong with the environment (a missing library, a damaged bundle, a graph that
 * does not fit) is a {@link dev.forearm.models.ModelsFault}.
 */
@NullMarked
package dev.forearm.models;

import org.jspecify.annotations.NullMarked;
