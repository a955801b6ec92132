package dev.forearm.datasets;

import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An episode at one constant rate. A frame holds, of every source, the newest value that was
 * measured at or before the frame's time: nothing is interpolated and nothing is from the future.
 * The first frame is when every source has told a value, the last before the first joint falls
 * silent; a command and a picture hold until the next.
 *
 * <p>A value was measured at its publisher's stamp where that can be of the recorder's clock (not
 * later than its arrival, not older than an observation may be), else when it arrived. A command
 * counts from when it was sent.
 */
public final class EpisodeFrames {
  /**
   * One frame.
   *
   * @param nanos its time, on the episode's clock
   * @param state [joint] in command order, rad or m
   * @param action [joint] in command order, rad or m
   * @param pictures one of each camera, in their order; the same object while none is newer
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Frame(long nanos, float[] state, float[] action, List<Picture> pictures) {}

  /** A series of a joint and how far it was read. */
  private static final class Cursor {
    private final long[] nanos;
    private final double[] values;
    private int at;

    Cursor(long[] nanos, double[] values) {
      this.nanos = nanos;
      this.values = values;
    }

    /** The newest value at or before a time, which must not step back. */
    float newest(long time) {
      while (at + 1 < nanos.length && nanos[at + 1] <= time) {
        at++;
      }
      return (float) values[at];
    }
  }

  private record Shot(long nanos, int camera, Picture picture) {}

  private final Robot robot;
  private final List<String> cameras;
  private final double fps;
  private final Consumer<Frame> to;
  private final List<Cursor> positions = new ArrayList<>();
  private final List<Cursor> commands = new ArrayList<>();
  private final @Nullable Picture[] newest;
  private long startNanos = Long.MIN_VALUE;
  private long endNanos = Long.MAX_VALUE;
  private boolean started;
  private long frames;

  private EpisodeFrames(Robot robot, List<String> cameras, int fps, Consumer<Frame> to) {
    this.robot = robot;
    this.cameras = cameras;
    this.fps = fps;
    this.to = to;
    newest = new Picture[cameras.size()];
  }

  /**
   * Reads an episode.
   *
   * @param cameras topics whose pictures are wanted
   * @param to takes each frame, in order
   * @return how many there were
   * @throws RuntimeFault if it is damaged, or lacks commands or positions of a joint
   * @throws DatasetFault if there is no moment at which all sources are known
   */
  public static long read(
      Path file, Robot robot, List<String> cameras, int fps, Consumer<Frame> to) {
    EpisodeFrames frames = new EpisodeFrames(robot, cameras, fps, to);
    frames.read(file);
    if (frames.frames == 0) {
      throw new DatasetFault(
          "read %s: at no moment joints, commands and pictures on %s are all known; leave the file out"
              .formatted(file, cameras));
    }
    return frames.frames;
  }

  private void read(Path file) {
    for (JointMotion motion : MotionReader.read(file, robot)) {
      positions.add(new Cursor(motion.positionNanos(), motion.positions()));
      commands.add(new Cursor(motion.commandNanos(), motion.commands()));
      long known = Math.max(motion.positionNanos()[0], motion.commandNanos()[0]);
      startNanos = Math.max(startNanos, known);
      endNanos = Math.min(endNanos, motion.positionNanos()[motion.positionNanos().length - 1]);
    }
    started = cameras.isEmpty();
    long patienceNanos = robot.timeouts().observationNanos();
    PriorityQueue<Shot> waiting = new PriorityQueue<>(Comparator.comparingLong(Shot::nanos));
    try (McapReader reader = McapReader.open(file)) {
      reader.read(
          new HashSet<>(cameras),
          (channel, _, logNanos, stampNanos, payload) -> {
            int camera = cameras.indexOf(channel.topic());
            long ageNanos = logNanos - stampNanos;
            boolean stamped = ageNanos >= 0 && ageNanos <= patienceNanos;
            waiting.add(
                new Shot(
                    stamped ? stampNanos : logNanos,
                    camera,
                    new Picture(channel.topic(), copy(payload))));
            showUntil(logNanos - patienceNanos, waiting); // none measured earlier can still come
          });
    }
    showUntil(Long.MAX_VALUE, waiting);
    emitUntil(endNanos + 1);
  }

  private void showUntil(long nanos, PriorityQueue<Shot> waiting) {
    for (Shot shot = waiting.peek(); shot != null && shot.nanos <= nanos; shot = waiting.peek()) {
      waiting.remove();
      emitUntil(shot.nanos);
      newest[shot.camera] = shot.picture;
      if (!started && Arrays.stream(newest).allMatch(picture -> picture != null)) {
        started = true;
        startNanos = Math.max(startNanos, shot.nanos);
      }
    }
  }

  /** Hands out the frames before a time. */
  private void emitUntil(long nanos) {
    while (started) {
      long frameNanos = startNanos + Math.round(frames * 1e9 / fps);
      if (frameNanos >= nanos || frameNanos > endNanos) {
        return;
      }
      to.accept(
          new Frame(
              frameNanos,
              values(positions, frameNanos),
              values(commands, frameNanos),
              Arrays.stream(newest).<Picture>map(Objects::requireNonNull).toList()));
      frames++;
    }
  }

  private static float[] values(List<Cursor> joints, long nanos) {
    float[] values = new float[joints.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = joints.get(i).newest(nanos);
    }
    return values;
  }

  private static MemorySegment copy(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
