/**
 * Runs recorded episodes again through the code that made them. {@link
 * dev.forearm.launch.replay.Replay} gives the loops what they had and compares what they do.
 */
@NullMarked
package dev.forearm.launch.replay;

import org.jspecify.annotations.NullMarked;
