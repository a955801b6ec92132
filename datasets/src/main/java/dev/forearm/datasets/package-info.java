/**
 * Episodes in others' formats, there and back. {@link dev.forearm.datasets.EpisodeFrames} brings an
 * episode's sources to one constant rate; {@code video} encodes pictures, {@code lerobot} writes
 * datasets, {@code store} sends them away. {@code lerobot} and {@code rosbag} make {@link
 * dev.forearm.datasets.ImportedEpisode}s of what others recorded. On the caller's thread
 * throughout.
 */
@NullMarked
package dev.forearm.datasets;

import org.jspecify.annotations.NullMarked;
