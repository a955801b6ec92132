package dev.forearm.runtime.episode;

import java.io.IOException;

/**
 * The newest records, in memory that is set aside once: the oldest make room when it is full, and
 * are forgotten when they are older than wanted. Owned by whoever holds the recorder's lock.
 */
final class RecentRecords {
  private final long nanos;
  private final RecordRing ring;
  private boolean reachesBack; // what is missing was too old, and nothing else is

  /** Takes what is taken out. */
  interface Visitor {
    void record(RecordRing first) throws IOException;
  }

  /**
   * @param nanos age at which a record is forgotten
   * @param bytes rounded up to a power of two
   */
  RecentRecords(long nanos, int bytes) {
    this.nanos = nanos;
    ring = new RecordRing("recent", bytes);
  }

  /** For how long records are wanted. */
  long nanos() {
    return nanos;
  }

  /** Whether nothing is left. */
  boolean isEmpty() {
    ring.observe();
    return !ring.available();
  }

  /** When the oldest one was logged; there is one. */
  long oldestNanos() {
    return ring.logNanos();
  }

  /** Adds a ring's first record, whatever has to make room for it. */
  void add(RecordRing from) {
    boolean fits = ring.canHold(from.length());
    while (!isEmpty()) {
      boolean old = from.logNanos() - oldestNanos() > nanos;
      if (!old && (!fits || ring.hasRoomFor(from.length()))) {
        break;
      }
      reachesBack = old;
      ring.release();
    }
    ring.offer(
        from.channel(),
        from.logNanos(),
        from.publishNanos(),
        from.memory(),
        from.payloadOffset(),
        from.length());
  }

  /** Whether it holds all that is not too old. */
  boolean reachesBack() {
    return reachesBack;
  }

  /** Records of a channel that were too large ever to be kept. */
  long tooLarge(int channel) {
    return ring.dropped(channel);
  }

  /** Takes all out, oldest first. */
  void takeAll(Visitor visitor) throws IOException {
    while (!isEmpty()) {
      visitor.record(ring);
      ring.release();
    }
    reachesBack = false;
  }
}
