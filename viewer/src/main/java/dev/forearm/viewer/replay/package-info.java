/**
 * What it takes to go through a recorded episode: {@link dev.forearm.viewer.replay.Playback} knows
 * the time, {@link dev.forearm.viewer.replay.Pictures} finds what the cameras saw then, {@link
 * dev.forearm.viewer.replay.Marks} keeps what a person says of it and {@link
 * dev.forearm.viewer.replay.ReplayKeys} knows the keys, whoever shows it: the window here, or a
 * terminal. Everything belongs to the thread that shows it.
 */
@NullMarked
package dev.forearm.viewer.replay;

import org.jspecify.annotations.NullMarked;
