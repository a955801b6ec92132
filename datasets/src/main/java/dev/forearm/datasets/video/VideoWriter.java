package dev.forearm.datasets.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.forearm.datasets.DatasetFault;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
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

/**
 * One MP4 file of AV1 video (SVT-AV1) at a constant rate: the frame of number n is shown at n / fps
 * from 0 on. The encoder's settings are LeRobot's defaults: yuv420p, a key frame every other frame,
 * CRF 30, preset 12. Owned by one thread.
 */
public final class VideoWriter implements AutoCloseable {
  /** Pixels must be even in width and height, and this many at least: what the encoder takes. */
  public static final int SIDE_MIN = 64;

  private static final String ENCODER = "libsvtav1";

  /** Of a picture, as swscale looks at them all; rgb has one. */
  private static final int PLANES = 4;

  /** What {@code info.json} calls it. */
  public static final String CODEC = "av1";

  public static final String PIXEL_FORMAT = "yuv420p";

  private final Path path;
  private final int width;
  private final int height;
  private final AVFormatContext file = new AVFormatContext(null);
  private final AVCodecContext encoder;
  private final AVStream stream;
  private final AVFrame frame;
  private final AVPacket packet;
  private final SwsContext conversion;
  private final BytePointer rgb;
  private final PointerPointer<BytePointer> rows = new PointerPointer<>(PLANES);
  private final IntPointer rowBytes = new IntPointer(PLANES);
  private final AVRational tick;
  private long frames;
  private long bytes;

  /**
   * Starts a file.
   *
   * @param width of every picture, pixels, even
   * @param height of every picture, pixels, even
   * @param fps pictures a second
   * @throws DatasetFault if it cannot be written or encoded so
   */
  public VideoWriter(Path path, int width, int height, int fps) {
    this.path = path;
    this.width = width;
    this.height = height;
    if (width % 2 != 0 || height % 2 != 0 || Math.min(width, height) < SIDE_MIN) {
      throw new DatasetFault(
          "encode %s: found pictures of %s x %s pixels, wanted even sides of %s at least; have the camera send others"
              .formatted(path, width, height, SIDE_MIN));
    }
    avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    tick = avutil.av_make_q(1, fps);
    AVCodec codec = avcodec.avcodec_find_encoder_by_name(ENCODER);
    check(avformat.avformat_alloc_output_context2(file, null, "mp4", path.toString()), "open");
    encoder = avcodec.avcodec_alloc_context3(codec);
    encoder.width(width).height(height).pix_fmt(AV_PIX_FMT_YUV420P);
    encoder.time_base(tick).framerate(avutil.av_make_q(fps, 1)).gop_size(2);
    encoder.color_range(avutil.AVCOL_RANGE_MPEG).colorspace(avutil.AVCOL_SPC_SMPTE170M);
    encoder.color_primaries(avutil.AVCOL_PRI_SMPTE170M).color_trc(avutil.AVCOL_TRC_SMPTE170M);
    encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    check(avutil.av_opt_set(encoder.priv_data(), "crf", "30", 0), "set crf");
    check(avutil.av_opt_set(encoder.priv_data(), "preset", "12", 0), "set preset");
    check(avcodec.avcodec_open2(encoder, codec, (AVDictionary) null), "open " + ENCODER);
    stream = avformat.avformat_new_stream(file, codec);
    stream.time_base(tick).avg_frame_rate(avutil.av_make_q(fps, 1));
    check(avcodec.avcodec_parameters_from_context(stream.codecpar(), encoder), "describe");
    AVIOContext out = new AVIOContext(null);
    check(avformat.avio_open(out, path.toString(), avformat.AVIO_FLAG_WRITE), "create");
    file.pb(out);
    check(avformat.avformat_write_header(file, (AVDictionary) null), "write the header");
    frame = avutil.av_frame_alloc();
    frame.width(width).height(height).format(AV_PIX_FMT_YUV420P);
    check(avutil.av_frame_get_buffer(frame, 0), "take memory");
    packet = avcodec.av_packet_alloc();
    rgb = new BytePointer(3L * width * height);
    for (long plane = 0; plane < PLANES; plane++) {
      rows.put(plane, plane == 0 ? rgb : null);
      rowBytes.put(plane, plane == 0 ? 3 * width : 0);
    }
    conversion =
        swscale.sws_getContext(
            width,
            height,
            AV_PIX_FMT_RGB24,
            width,
            height,
            AV_PIX_FMT_YUV420P,
            swscale.SWS_BICUBIC,
            null,
            null,
            (DoublePointer) null);
  }

  /** Frames so far. */
  public long frames() {
    return frames;
  }

  /** Bytes of video that the encoder has given so far. */
  public long bytes() {
    return bytes;
  }

  /**
   * Adds a picture.
   *
   * @param pixels [row][column][red, green, blue]
   * @throws DatasetFault if it cannot be encoded or written
   */
  public void add(byte[] pixels) {
    if (pixels.length != 3 * width * height) {
      throw new IllegalArgumentException(
          "found %s bytes, wanted those of %s x %s pixels".formatted(pixels.length, width, height));
    }
    rgb.position(0).put(pixels);
    check(avutil.av_frame_make_writable(frame), "take memory");
    check(
        swscale.sws_scale(conversion, rows, rowBytes, 0, height, frame.data(), frame.linesize()),
        "convert a picture");
    frame.pts(frames++);
    encode(frame);
  }

  private void encode(@Nullable AVFrame next) {
    check(avcodec.avcodec_send_frame(encoder, next), "encode a picture");
    while (true) {
      int got = avcodec.avcodec_receive_packet(encoder, packet);
      if (got == FfmpegFault.AGAIN || got == avutil.AVERROR_EOF) {
        return;
      }
      check(got, "encode a picture");
      packet.stream_index(0).duration(1);
      bytes += packet.size();
      avcodec.av_packet_rescale_ts(packet, tick, stream.time_base());
      check(avformat.av_interleaved_write_frame(file, packet), "write a picture");
    }
  }

  /** Ends the file. */
  public void finish() {
    encode(null);
    check(avformat.av_write_trailer(file), "write the end");
  }

  /** Gives everything back; a file that was not {@linkplain #finish finished} is of no use. */
  @Override
  public void close() {
    swscale.sws_freeContext(conversion);
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    avcodec.avcodec_free_context(encoder);
    avformat.avio_close(file.pb());
    avformat.avformat_free_context(file);
    rows.close();
    rowBytes.close();
    rgb.close();
  }

  private void check(int result, String what) {
    FfmpegFault.check(result, path, what);
  }
}
