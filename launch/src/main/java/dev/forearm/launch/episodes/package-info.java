/**
 * {@code forearm episodes}: what is in recorded episodes, whether they are whole, what people say
 * of them. {@link dev.forearm.launch.episodes.EpisodeCheck} looks for what is wrong, {@link
 * dev.forearm.launch.episodes.EpisodePlot} draws, {@link
 * dev.forearm.launch.episodes.TerminalReplay} plays one in the terminal, {@code datasets} exports.
 * On the command's own thread.
 */
@NullMarked
package dev.forearm.launch.episodes;

import org.jspecify.annotations.NullMarked;
