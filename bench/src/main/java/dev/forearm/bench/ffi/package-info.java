/** Peers in C that run inside this process, bound through {@code java.lang.foreign}. */
@NullMarked
package dev.forearm.bench.ffi;

import org.jspecify.annotations.NullMarked;
