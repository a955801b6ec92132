/**
 * Episodes in the formats that others train from. {@link dev.forearm.datasets.EpisodeFrames} brings
 * an episode's sources to one constant rate; {@code video} encodes pictures, {@code lerobot} writes
 * datasets. On the caller's thread throughout.
 */
@NullMarked
package dev.forearm.datasets;

import org.jspecify.annotations.NullMarked;
