/**
 * The ONNX Runtime C API through {@code java.lang.foreign}: {@link
 * dev.forearm.models.ffi.OrtFunction} is the table of function positions, {@link
 * dev.forearm.models.ffi.OrtNative} calls them.
 *
 * <p>ORT hands out one struct of function pointers, {@code OrtApi}. Its published header promises
 * that a function never moves: new ones are only appended, so position {@code i} of the table that
 * {@code GetApi(v)} returns is the same function in every version {@code v} that has it. Opaque
 * pointers travel as {@code long}, which allocates nothing; memory that Java reads or writes
 * travels as {@code MemorySegment}.
 *
 * <p>The package knows no policy and throws nothing of its own: every call that can fail returns
 * the {@code OrtStatus*} as a {@code long}, 0 for success. Thread rules are those of the C API:
 * everything may be called from any thread; one binding or session-options object from one thread
 * at a time.
 */
@NullMarked
package dev.forearm.models.ffi;

import org.jspecify.annotations.NullMarked;
