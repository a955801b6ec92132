/**
 * What following chunks costs in smoothness, lag and success while inference takes its time: {@link
 * dev.forearm.launch.chunk.ChunkBench}. One thread does everything.
 */
@NullMarked
package dev.forearm.launch.chunk;

import org.jspecify.annotations.NullMarked;
