/**
 * rosbag2 bags. {@link dev.forearm.datasets.rosbag.RosbagImport} makes an episode of one, {@link
 * dev.forearm.datasets.rosbag.Bag} finds its files and {@link
 * dev.forearm.datasets.rosbag.SqliteStorage} reads those of sqlite3 as if they were MCAP.
 *
 * <pre>
 *   BAG/  metadata.yaml            storage, files in order, compression
 *         BAG_0.mcap, BAG_1.mcap   or .db3; compressed as a whole .mcap.zstd, .db3.zstd
 * </pre>
 */
@NullMarked
package dev.forearm.datasets.rosbag;

import org.jspecify.annotations.NullMarked;
