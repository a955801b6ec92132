package dev.forearm.ros.tf;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.geometry_msgs.TransformStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.tf2_msgs.TFMessage;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames, each with its parent and where it stood in that, for as long as is kept. Answers as tf2's
 * {@code BufferCore} does: interpolates within what is known and never beyond; what is static holds
 * at all times; a frame may get another parent; the newest common time is that of the frame on the
 * way which was told of longest ago. One thread's.
 */
public final class TransformBuffer {
  /** Asks for the newest time at which the whole way is known. */
  public static final long LATEST = 0;

  /** What tf2 keeps, too. */
  public static final long USUALLY_KEPT_NANOS = 10_000_000_000L;

  static final int NO_FRAME = -1;

  /** More than a machine has; a publisher that makes up names fills no memory. */
  private static final int MOST_FRAMES = 1 << 12;

  private static final int MOST_STEPS = 1000; // to the root: more is a loop
  private static final byte SLASH = '/';

  private final long keptNanos;
  private int frames;
  private int[] hashes = new int[16];
  private byte[][] names = new byte[16][];
  private @Nullable TransformHistory[] moving = new TransformHistory[16];
  private @Nullable Fixed[] fixed = new Fixed[16];

  private final FrameTransform step = new FrameTransform();
  private final FrameTransform fromTarget = new FrameTransform();
  private final int[] way = new int[MOST_STEPS + 1]; // parents of the source, up to the root
  private final long[] wayNanos = new long[MOST_STEPS + 1];
  private long commonNanos; // what commonTime found

  /** A frame that does not move in its parent. */
  private static final class Fixed {
    int parent;
    final double[] values = new double[FrameTransform.WIDTH];
  }

  /**
   * @param keptNanos how far back it remembers
   */
  public TransformBuffer(long keptNanos) {
    this.keptNanos = keptNanos;
  }

  /**
   * Takes one transform.
   *
   * @param isStatic whether it holds at all times
   * @throws RosFault if a frame has no name or is its own parent, a number is none, the rotation is
   *     none, or it is older than what is kept
   */
  public void add(TransformStamped.Buffer told, boolean isStatic) {
    requireSane(told);
    int child = frame(told.childFrameId, true);
    int parent = frame(told.header.frameId, true);
    step.set(told.transform);
    if (isStatic) {
      Fixed place = fixed[child];
      if (place == null) {
        place = new Fixed();
        fixed[child] = place;
        moving[child] = null;
      }
      place.parent = parent;
      step.store(place.values, 0);
      return;
    }
    TransformHistory history = moving[child];
    if (history == null) {
      history = new TransformHistory(keptNanos);
      moving[child] = history;
      fixed[child] = null;
    }
    if (!history.add(RosTime.nanos(told.header.stamp), parent, step)) {
      throw new RosFault(
          "transform of '%s': it is more than %s s older than the newest; see whether two clocks stamp it"
              .formatted(told.childFrameId, keptNanos / 1e9));
    }
  }

  private static void requireSane(TransformStamped.Buffer told) {
    Text child = told.childFrameId;
    Text parent = told.header.frameId;
    int childFrom = nameStart(child);
    int parentFrom = nameStart(parent);
    if (child.length() == childFrom || parent.length() == parentFrom) {
      throw new RosFault(
          "transform of '%s' in '%s': wanted the names of both frames".formatted(child, parent));
    }
    if (Arrays.equals(
        child.utf8(), childFrom, child.length(), parent.utf8(), parentFrom, parent.length())) {
      throw new RosFault("transform of '%s': it is its own parent".formatted(child));
    }
    Vector3.Buffer t = told.transform.translation;
    Quaternion.Buffer q = told.transform.rotation;
    double squared = q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z;
    boolean rotates = squared > 0 && Double.isFinite(squared); // tf2 scales it to length 1, too
    if (!rotates || !Double.isFinite(t.x) || !Double.isFinite(t.y) || !Double.isFinite(t.z)) {
      throw new RosFault(
          "transform of '%s': found origin %s %s %s and a quaternion of squared length %s, wanted numbers and a direction"
              .formatted(child, t.x, t.y, t.z, squared));
    }
  }

  /**
   * Where {@code source} stands in {@code target}.
   *
   * @param stampNanos when, ROS time, or {@link #LATEST}
   * @param into receives what maps coordinates of the source to those of the target, and its time;
   *     left in any state if nothing is found
   */
  public Lookup find(Text target, Text source, long stampNanos, FrameTransform into) {
    into.setIdentity();
    into.stamp(stampNanos);
    if (target.contentEquals(source)) {
      return Lookup.FOUND; // of a frame that nobody has told of, too
    }
    int targetFrame = frame(target, false);
    int sourceFrame = frame(source, false);
    if (targetFrame == NO_FRAME || sourceFrame == NO_FRAME) {
      return Lookup.UNKNOWN_FRAME;
    }
    if (stampNanos == LATEST) {
      Lookup common = commonTime(targetFrame, sourceFrame);
      if (common != Lookup.FOUND) {
        return common;
      }
      into.stamp(commonNanos);
    }
    return walk(targetFrame, sourceFrame, into.stampNanos(), into);
  }

  private Lookup walk(int target, int source, long nanos, FrameTransform into) {
    int frame = source;
    int steps = 0;
    Lookup missing = Lookup.DISCONNECTED; // unless the way upwards ends for want of a time
    while (isChild(frame)) {
      if (frame == target) {
        return Lookup.FOUND;
      }
      int parent = find(frame, nanos, step);
      if (parent == NO_FRAME) {
        missing = why(frame, nanos);
        break;
      }
      into.precede(step);
      frame = parent;
      if (++steps > MOST_STEPS) {
        return Lookup.LOOP;
      }
    }
    int top = frame;
    fromTarget.setIdentity();
    frame = target;
    steps = 0;
    while (frame != top) {
      if (!isChild(frame)) {
        return missing;
      }
      int parent = find(frame, nanos, step);
      if (parent == NO_FRAME) {
        return why(frame, nanos);
      }
      fromTarget.precede(step);
      frame = parent;
      if (frame == source) { // on the way, so what the source was taken up by is not wanted
        into.setIdentity();
        break;
      }
      if (++steps > MOST_STEPS) {
        return Lookup.LOOP;
      }
    }
    fromTarget.invert();
    into.precede(fromTarget);
    return Lookup.FOUND;
  }

  /** Whether anybody told of its parent: of the root of a tree nobody does. */
  private boolean isChild(int frame) {
    return moving[frame] != null || fixed[frame] != null;
  }

  private int find(int frame, long nanos, FrameTransform transform) {
    Fixed place = fixed[frame];
    if (place != null) {
      transform.load(place.values, 0);
      return place.parent;
    }
    TransformHistory history = moving[frame];
    return history == null ? NO_FRAME : history.find(nanos, transform);
  }

  private Lookup why(int frame, long nanos) {
    TransformHistory history = moving[frame];
    return history != null && nanos > history.newest() ? Lookup.TOO_LATE : Lookup.TOO_EARLY;
  }

  /** Finds the newest time at which the whole way is known: {@link #LATEST} if it never changes. */
  private Lookup commonTime(int target, int source) {
    commonNanos = Long.MAX_VALUE;
    int steps = 0;
    int frame = source;
    while (isChild(frame) && frame != target) {
      if (steps == MOST_STEPS) {
        return Lookup.LOOP;
      }
      wayNanos[steps] = newest(frame);
      frame = newestParent(frame);
      way[steps++] = frame;
    }
    if (frame == target) {
      commonUpTo(steps);
      return Lookup.FOUND;
    }
    int up = steps;
    steps = 0;
    frame = target;
    while (true) {
      int meeting = frame == source ? 0 : meeting(frame, up);
      if (meeting >= 0) {
        commonUpTo(meeting);
        return Lookup.FOUND;
      }
      if (!isChild(frame)) {
        return Lookup.DISCONNECTED;
      }
      if (steps++ == MOST_STEPS) {
        return Lookup.LOOP;
      }
      commonNanos = Math.min(commonNanos, newest(frame));
      frame = newestParent(frame);
    }
  }

  /** Steps from the source until it comes to a frame; -1 if it does not. */
  private int meeting(int frame, int up) {
    for (int i = 0; i < up; i++) {
      if (way[i] == frame) {
        return i + 1;
      }
    }
    return -1;
  }

  private void commonUpTo(int steps) {
    for (int i = 0; i < steps; i++) {
      commonNanos = Math.min(commonNanos, wayNanos[i]);
    }
    if (commonNanos == Long.MAX_VALUE) {
      commonNanos = LATEST;
    }
  }

  private long newest(int frame) {
    TransformHistory history = moving[frame];
    return history == null || history.newest() == LATEST ? Long.MAX_VALUE : history.newest();
  }

  private int newestParent(int frame) {
    Fixed place = fixed[frame];
    if (place != null) {
      return place.parent;
    }
    TransformHistory history = moving[frame];
    return history == null ? NO_FRAME : history.newestParent();
  }

  /**
   * Tells of everything that is known, so that another buffer which takes it answers alike: static
   * transforms, and of each moving frame every sample from the oldest on.
   *
   * @param to takes a message, which is then used again, and whether it is static
   * @param most transforms in a message
   */
  public void tell(int most, BiConsumer<TFMessage.Buffer, Boolean> to) {
    TFMessage.Buffer message = new TFMessage.Buffer();
    for (boolean isStatic : new boolean[] {true, false}) {
      for (int frame = 0; frame < frames; frame++) {
        TransformHistory history = moving[frame];
        int samples =
            isStatic ? (fixed[frame] == null ? 0 : 1) : history == null ? 0 : history.size();
        for (int i = 0; i < samples; i++) {
          write(frame, i, next(message));
          if (message.transforms.size() == most) {
            to.accept(message, isStatic);
            message.transforms.resize(0);
          }
        }
      }
      if (message.transforms.size() > 0) {
        to.accept(message, isStatic);
        message.transforms.resize(0);
      }
    }
  }

  private static TransformStamped.Buffer next(TFMessage.Buffer message) {
    message.transforms.resize(message.transforms.size() + 1);
    return message.transforms.get(message.transforms.size() - 1);
  }

  private void write(int frame, int sample, TransformStamped.Buffer to) {
    TransformHistory history = moving[frame];
    int parent;
    if (history == null) {
      parent = find(frame, LATEST, step);
      RosTime.set(to.header.stamp, 0);
    } else {
      parent = history.parent(sample);
      history.load(sample, step);
      RosTime.set(to.header.stamp, history.stamp(sample));
    }
    to.header.frameId.assign(names[parent], names[parent].length);
    to.childFrameId.assign(names[frame], names[frame].length);
    step.store(to.transform);
  }

  /** A frame's number; a new one's where it is told of. */
  private int frame(Text name, boolean told) {
    int from = nameStart(name);
    int hash = 1;
    for (int i = from; i < name.length(); i++) {
      hash = 31 * hash + name.utf8()[i];
    }
    for (int i = 0; i < frames; i++) {
      if (hashes[i] == hash
          && Arrays.equals(names[i], 0, names[i].length, name.utf8(), from, name.length())) {
        return i;
      }
    }
    if (!told) {
      return NO_FRAME;
    }
    if (frames == MOST_FRAMES) {
      throw new RosFault(
          "transform of '%s': %s frames are known, which is all there is room for; see who makes up names"
              .formatted(name, frames));
    }
    if (frames == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * frames);
      names = Arrays.copyOf(names, 2 * frames);
      moving = Arrays.copyOf(moving, 2 * frames);
      fixed = Arrays.copyOf(fixed, 2 * frames);
    }
    hashes[frames] = hash;
    names[frames] = Arrays.copyOfRange(name.utf8(), from, name.length());
    return frames++;
  }

  /** Names of ROS 1 begin with a slash, which is left out. */
  private static int nameStart(Text name) {
    return name.length() > 0 && name.utf8()[0] == SLASH ? 1 : 0;
  }
}
