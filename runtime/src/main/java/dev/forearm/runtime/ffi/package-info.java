/**
 * The few C library calls a real-time thread needs, bound through {@code java.lang.foreign}. Linux
 * only; on other systems {@link dev.forearm.runtime.ffi.LinuxScheduling#available()} is false.
 */
@NullMarked
package dev.forearm.runtime.ffi;

import org.jspecify.annotations.NullMarked;
