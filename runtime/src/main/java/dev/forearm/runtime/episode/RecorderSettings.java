package dev.forearm.runtime.episode;

import java.nio.file.Path;

/**
 * How episodes are written. The defaults were chosen by measurement: docs/decisions/0008.
 *
 * @param folder where episode files go; made if missing
 * @param wallTime whether log times in the file are ROS time (wall clock), or the runtime's clock
 *     as it is, which makes equal runs give equal files
 * @param flushNanos greatest age of a chunk before it is handed to the operating system: what kill
 *     -9 can cost
 * @param flushBytes greatest uncompressed size of a chunk
 * @param syncNanos time between waits for the disk itself: what a power cut can cost
 * @param reserveBytes free space below which recording stops
 * @param zstdLevel compression level, negative is faster and larger
 */
public record RecorderSettings(
    Path folder,
    boolean wallTime,
    long flushNanos,
    int flushBytes,
    long syncNanos,
    long reserveBytes,
    int zstdLevel) {
  /** For a recorder on its own thread beside a real-time loop. */
  public static RecorderSettings realTime(Path folder) {
    return new RecorderSettings(folder, true, 20_000_000, 1 << 20, 2_000_000_000, 64L << 20, 1);
  }

  /** For a recorder drained inline by a lockstep run: large chunks, reproducible bytes. */
  public static RecorderSettings lockstep(Path folder) {
    return new RecorderSettings(
        folder, false, Long.MAX_VALUE, 1 << 20, Long.MAX_VALUE, 64L << 20, 1);
  }
}
