/**
 * LeRobotDataset v3.0. {@link dev.forearm.datasets.lerobot.LeRobotExport} writes one beside its
 * final place, one {@link dev.forearm.datasets.lerobot.EpisodeGroup} of files after the other, so
 * that a new start goes on behind the last whole group, and renames it when it is complete. {@link
 * dev.forearm.datasets.lerobot.LeRobotImport} makes episodes of one.
 *
 * <pre>
 *   DATASET.partial/  meta/info.json  stats.json  tasks.parquet  forearm.json
 *                     meta/episodes/chunk-000/file-000.parquet
 *                     data/chunk-000/file-000.parquet
 *                     videos/KEY/chunk-000/file-000.mp4
 *                     progress.json                             until it is complete
 * </pre>
 */
@NullMarked
package dev.forearm.datasets.lerobot;

import org.jspecify.annotations.NullMarked;
