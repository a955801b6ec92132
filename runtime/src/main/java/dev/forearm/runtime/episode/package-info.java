/**
 * Recording: what producers offer becomes one MCAP file per episode. Each producer thread has its
 * own {@link dev.forearm.runtime.episode.RecordRing} and never waits; a full ring is a counted,
 * reported drop. {@link dev.forearm.runtime.episode.EpisodeRecorder} drains the rings, on its own
 * thread in real time ({@link dev.forearm.runtime.episode.RecorderAgent}) or inline in lockstep,
 * merges them by time and writes {@code NAME.mcap.open}, renamed {@code NAME.mcap} when complete.
 * {@link dev.forearm.runtime.episode.EpisodeRecovery} finishes what a killed recorder left open.
 */
@NullMarked
package dev.forearm.runtime.episode;

import org.jspecify.annotations.NullMarked;
