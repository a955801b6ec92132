/**
 * Weights in safetensors files: {@link dev.forearm.models.safetensors.SafetensorsFile} reads,
 * {@link dev.forearm.models.safetensors.SafetensorsWriter} writes.
 *
 * <p>Format (github.com/huggingface/safetensors): 8 bytes little-endian header length, a JSON
 * header that gives each tensor its dtype, shape and place in the data, then the data without gaps.
 * Both sides are strict: what a reader could understand in two ways is refused. A file that was
 * opened is read-only memory and may be used by any thread until it is closed.
 */
@NullMarked
package dev.forearm.models.safetensors;

import org.jspecify.annotations.NullMarked;
