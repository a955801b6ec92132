package dev.forearm.runtime.episode;

import dev.forearm.runtime.ffi.HugePages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Carries records from one producer thread to the recorder through preallocated memory. The
 * producer neither allocates nor waits: a record that does not fit is dropped and counted.
 *
 * <pre>
 *   record, 8-byte aligned, never split:
 *     0 int  payload bytes, or -1: the rest up to the end of the memory is unused
 *     4 int  channel
 *     8 long log time, ns
 *    16 long publish time, ns
 *    24 payload
 *   behind the last record byte, each on its own pair of cache lines:
 *     tail: bytes ever written, moved by the producer with release
 *     head: bytes ever consumed, moved by the recorder with release
 * </pre>
 */
public final class RecordRing {
  private static final int HEADER_BYTES = 24;
  private static final int UNUSED = -1;
  private static final int LINE_BYTES = 128;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final VarHandle POSITION = LONG.varHandle();

  private final String producer;
  private final long capacity;
  private final MemorySegment memory;
  private final ByteBuffer payloads;
  private final AtomicLongArray dropped = new AtomicLongArray(EpisodeRecorder.MAX_CHANNELS);

  /** The producer's last look at head. */
  private long seenHead;

  /** The recorder's last look at tail. */
  private long seenTail;

  RecordRing(String producer, int capacityBytes) {
    if (capacityBytes < 1024 || capacityBytes > 1 << 30) {
      throw new IllegalArgumentException(
          "record ring '%s': capacity is %s bytes, wanted 1024 to %s"
              .formatted(producer, capacityBytes, 1 << 30));
    }
    this.producer = producer;
    this.capacity = Long.highestOneBit(capacityBytes - 1L) << 1;
    this.memory = HugePages.allocate(capacity + 3 * LINE_BYTES);
    this.payloads = memory.asSlice(0, capacity).asByteBuffer();
  }

  /** Whose ring this is, for messages to people. */
  public String producer() {
    return producer;
  }

  /** Records of a channel that were dropped since the ring was made. Any thread may ask. */
  public long dropped(int channel) {
    return dropped.get(channel);
  }

  /**
   * Copies a record in. Called by the ring's one producer thread; neither allocates nor waits.
   *
   * @param channel from {@link EpisodeRecorder#channel}
   * @param logNanos when it was received or made, on the runtime's clock
   * @param publishNanos the publisher's stamp in ROS time, or 0 for the same instant as the log
   *     time
   * @param source holds {@code length} payload bytes from {@code offset} on
   * @return false if the ring is full: the record is then dropped and counted
   */
  public boolean offer(
      int channel,
      long logNanos,
      long publishNanos,
      MemorySegment source,
      long offset,
      long length) {
    long tail = (long) POSITION.get(memory, capacity + LINE_BYTES);
    long wanted = (HEADER_BYTES + length + 7) & -8;
    long at = tail & (capacity - 1);
    long toEnd = capacity - at;
    long skipped = wanted > toEnd ? toEnd : 0;
    if (!hasRoom(tail + skipped + wanted)) {
      drop(channel, tail, skipped);
      return false;
    }
    if (skipped > 0) {
      memory.set(INT, at, UNUSED);
      at = 0;
    }
    memory.set(INT, at, (int) length);
    memory.set(INT, at + 4, channel);
    memory.set(LONG, at + 8, logNanos);
    memory.set(LONG, at + 16, publishNanos);
    MemorySegment.copy(source, offset, memory, at + HEADER_BYTES, length);
    POSITION.setRelease(memory, capacity + LINE_BYTES, tail + skipped + wanted);
    return true;
  }

  /** Whether a record of so many payload bytes finds room once others have made it. */
  boolean canHold(long length) {
    return HEADER_BYTES + length + 7 <= capacity / 2;
  }

  /** Producer: whether a record of so many payload bytes would find room now. */
  boolean hasRoomFor(long length) {
    long tail = (long) POSITION.get(memory, capacity + LINE_BYTES);
    long wanted = (HEADER_BYTES + length + 7) & -8;
    long toEnd = capacity - (tail & (capacity - 1));
    return hasRoom(tail + (wanted > toEnd ? toEnd : 0) + wanted);
  }

  /** Counts the drop, and gives up the end of the memory so that the next large record may fit. */
  private void drop(int channel, long tail, long skipped) {
    dropped.lazySet(channel, dropped.get(channel) + 1);
    if (skipped > 0 && hasRoom(tail + skipped)) {
      memory.set(INT, tail & (capacity - 1), UNUSED);
      POSITION.setRelease(memory, capacity + LINE_BYTES, tail + skipped);
    }
  }

  private boolean hasRoom(long newTail) {
    if (newTail - seenHead <= capacity) {
      return true;
    }
    seenHead = (long) POSITION.getAcquire(memory, capacity + 2 * LINE_BYTES);
    return newTail - seenHead <= capacity;
  }

  /** Recorder: notes how far the producer has come; {@link #available} looks no further. */
  void observe() {
    seenTail = (long) POSITION.getAcquire(memory, capacity + LINE_BYTES);
  }

  /** Recorder: whether a record is left before the observed end. */
  boolean available() {
    long head = head();
    if (head < seenTail && memory.get(INT, head & (capacity - 1)) == UNUSED) {
      head += capacity - (head & (capacity - 1));
      POSITION.setRelease(memory, capacity + 2 * LINE_BYTES, head);
    }
    return head < seenTail;
  }

  /** Recorder: payload bytes of the first record; only while {@link #available}. */
  int length() {
    return memory.get(INT, head() & (capacity - 1));
  }

  int channel() {
    return memory.get(INT, (head() & (capacity - 1)) + 4);
  }

  long logNanos() {
    return memory.get(LONG, (head() & (capacity - 1)) + 8);
  }

  long publishNanos() {
    return memory.get(LONG, (head() & (capacity - 1)) + 16);
  }

  /** Recorder: where the first record's payload starts in {@link #payloads}. */
  int payloadOffset() {
    return (int) (head() & (capacity - 1)) + HEADER_BYTES;
  }

  /** Recorder: the ring's memory, read by absolute offsets. */
  ByteBuffer payloads() {
    return payloads;
  }

  /** The same, as a segment. */
  MemorySegment memory() {
    return memory;
  }

  /** Recorder: gives the first record's memory back to the producer. */
  void release() {
    long head = head();
    long used = (HEADER_BYTES + (long) length() + 7) & -8;
    POSITION.setRelease(memory, capacity + 2 * LINE_BYTES, head + used);
  }

  private long head() {
    return (long) POSITION.get(memory, capacity + 2 * LINE_BYTES);
  }
}
