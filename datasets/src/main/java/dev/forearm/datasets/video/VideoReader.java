package dev.forearm.datasets.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;

import dev.forearm.datasets.DatasetFault;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** The pictures of a video file from its start, one after the other. Owned by one thread. */
public final class VideoReader implements AutoCloseable {
  /** Of a picture, as swscale looks at them all; rgb has one. */
  private static final int PLANES = 4;

  private final Path path;
  private final AVFormatContext file = new AVFormatContext(null);
  private final AVStream stream;
  private final AVCodecContext decoder;
  private final AVFrame frame = avutil.av_frame_alloc();
  private final AVPacket packet = avcodec.av_packet_alloc();
  private @Nullable SwsContext conversion;
  private boolean ended;

  /**
   * Opens a file.
   *
   * @throws DatasetFault if it is missing, or no video that can be decoded
   */
  public VideoReader(Path path) {
    this.path = path;
    avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    FfmpegFault.check(
        avformat.avformat_open_input(
            file, path.toString(), (AVInputFormat) null, (AVDictionary) null),
        path,
        "open it");
    FfmpegFault.check(
        avformat.avformat_find_stream_info(file, (AVDictionary) null), path, "find its streams");
    int index =
        avformat.av_find_best_stream(file, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    FfmpegFault.check(index, path, "find a video in it");
    stream = file.streams(index);
    AVCodec codec = avcodec.avcodec_find_decoder(stream.codecpar().codec_id());
    if (codec == null) {
      throw new DatasetFault("video %s: its codec is not known; encode it as AV1".formatted(path));
    }
    decoder = avcodec.avcodec_alloc_context3(codec);
    FfmpegFault.check(
        avcodec.avcodec_parameters_to_context(decoder, stream.codecpar()), path, "set it up");
    FfmpegFault.check(
        avcodec.avcodec_open2(decoder, codec, (AVDictionary) null), path, "decode it");
  }

  /** Columns of every picture. */
  public int width() {
    return stream.codecpar().width();
  }

  /** Rows of every picture. */
  public int height() {
    return stream.codecpar().height();
  }

  /**
   * The next picture, [row][column][red, green, blue]; null behind the last one.
   *
   * @throws DatasetFault if it is damaged
   */
  public byte @Nullable [] next() {
    while (true) {
      int got = avcodec.avcodec_receive_frame(decoder, frame);
      if (got == avutil.AVERROR_EOF) {
        return null;
      }
      if (got != FfmpegFault.AGAIN) {
        FfmpegFault.check(got, path, "decode a picture");
        return rgb();
      }
      feed();
    }
  }

  private void feed() {
    int read = ended ? avutil.AVERROR_EOF : avformat.av_read_frame(file, packet);
    if (read == avutil.AVERROR_EOF) {
      ended = true;
      FfmpegFault.check(avcodec.avcodec_send_packet(decoder, null), path, "end it");
      return;
    }
    FfmpegFault.check(read, path, "read it");
    if (packet.stream_index() == stream.index()) {
      FfmpegFault.check(avcodec.avcodec_send_packet(decoder, packet), path, "decode a picture");
    }
    avcodec.av_packet_unref(packet);
  }

  private byte[] rgb() {
    int width = frame.width();
    int height = frame.height();
    SwsContext known = conversion;
    if (known == null) {
      known =
          swscale.sws_getContext(
              width,
              height,
              frame.format(),
              width,
              height,
              AV_PIX_FMT_RGB24,
              swscale.SWS_BICUBIC,
              null,
              null,
              (DoublePointer) null);
      conversion = known;
    }
    byte[] pixels = new byte[3 * width * height];
    try (BytePointer rgb = new BytePointer(pixels.length);
        PointerPointer<BytePointer> rows = new PointerPointer<>(PLANES);
        IntPointer rowBytes = new IntPointer(PLANES)) {
      for (long plane = 0; plane < PLANES; plane++) {
        rows.put(plane, plane == 0 ? rgb : null);
        rowBytes.put(plane, plane == 0 ? 3 * width : 0);
      }
      FfmpegFault.check(
          swscale.sws_scale(known, frame.data(), frame.linesize(), 0, height, rows, rowBytes),
          path,
          "convert a picture");
      rgb.get(pixels);
    }
    return pixels;
  }

  @Override
  public void close() {
    if (conversion != null) {
      swscale.sws_freeContext(conversion);
    }
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    avcodec.avcodec_free_context(decoder);
    avformat.avformat_close_input(file);
  }
}
