package dev.forearm.datasets.video;

import dev.forearm.datasets.DatasetFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avutil;

/** What FFmpeg's functions return. */
final class FfmpegFault {
  /** AVERROR(EAGAIN) of Linux: something else is wanted first. */
  static final int AGAIN = -11;

  private static final int TEXT_BYTES = 256;

  private FfmpegFault() {}

  /**
   * Checks a result.
   *
   * @throws DatasetFault if it is an error
   */
  static void check(int result, Path path, String what) {
    if (result < 0) {
      byte[] text = new byte[TEXT_BYTES];
      avutil.av_strerror(result, text, text.length);
      String reason = new String(text, StandardCharsets.UTF_8).trim();
      throw new DatasetFault("video %s: cannot %s: %s".formatted(path, what, reason));
    }
  }
}
