package dev.forearm.ros.dds.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Takes raw CDR off a topic; allocates nothing for small messages as long as the one before. Taking
 * belongs to the receive thread; the rest to any.
 */
public final class DdsReader implements DdsWaitset.Attachable, AutoCloseable {
  /** Takes over one message. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes one message.
     *
     * @param cdr header and body, valid during the call
     * @param publication the handle of the writer it came from
     */
    void take(MemorySegment cdr, long publication);
  }

  /** Messages up to here are copied, so that none needs a segment of its own: no garbage. */
  private static final int SMALL_BYTES = 4096;

  private static final int BATCH = 16;
  private static final int ANY_STATE = 127;
  private static final long INFO_BYTES = DdscLayouts.SAMPLE_INFO.byteSize();

  private final int entity;
  private final DdsGuid guid;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment serdatas =
      arena.allocate(MemoryLayout.sequenceLayout(BATCH, JAVA_LONG));
  private final MemorySegment infos =
      arena.allocate(MemoryLayout.sequenceLayout(BATCH, DdscLayouts.SAMPLE_INFO));
  private final MemorySegment iovec = arena.allocate(DdscLayouts.IOVEC);
  private final MemorySegment copy = arena.allocate(SMALL_BYTES);
  private MemorySegment small = copy; // as long as the last small message

  DdsReader(int entity) {
    this.entity = entity;
    guid = Ddsc.guid(entity);
  }

  @Override
  public int entity() {
    return entity;
  }

  /**
   * Takes what has arrived, a batch at most, and hands each message to {@code taker}.
   *
   * @return messages taken, or 0 once the reader is closed
   */
  public int take(Taker taker) {
    try {
      int taken = (int) Ddsc.Calls.TAKECDR.invokeExact(entity, serdatas, BATCH, infos, ANY_STATE);
      for (int i = 0; i < taken; i++) {
        long serdata = serdatas.getAtIndex(JAVA_LONG, i);
        try {
          // Without data it only tells that a writer went away.
          long info = i * INFO_BYTES;
          if (infos.get(JAVA_BOOLEAN, info + DdscLayouts.SAMPLE_VALID)) {
            hand(serdata, infos.get(JAVA_LONG, info + DdscLayouts.SAMPLE_PUBLICATION), taker);
          }
        } finally {
          Ddsc.Calls.SERDATA_UNREF.invokeExact(serdata);
        }
      }
      return Math.max(0, taken);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  @SuppressWarnings("restricted")
  private void hand(long serdata, long publication, Taker taker) throws Throwable {
    long size = Integer.toUnsignedLong((int) Ddsc.Calls.SERDATA_SIZE.invokeExact(serdata));
    if (size <= SMALL_BYTES) {
      Ddsc.Calls.SERDATA_TO_SER.invokeExact(serdata, 0L, size, copy);
      if (small.byteSize() != size) {
        small = copy.asSlice(0, size);
      }
      taker.take(small, publication);
      return;
    }
    long reference = (long) Ddsc.Calls.SERDATA_TO_SER_REF.invokeExact(serdata, 0L, size, iovec);
    try {
      taker.take(MemorySegment.ofAddress(iovec.get(JAVA_LONG, 0)).reinterpret(size), publication);
    } finally {
      Ddsc.Calls.SERDATA_TO_SER_UNREF.invokeExact(reference, iovec);
    }
  }

  public DdsGuid guid() {
    return guid;
  }

  /** The user data of a matched writer; empty if it is gone. */
  public Optional<String> userDataOf(long publication) {
    return PeerData.of(Ddsc.Calls.MATCHED_PUBLICATION_DATA, entity, publication);
  }

  /** The user data of each matched writer. */
  public List<String> userData() {
    return PeerData.all(
        Ddsc.Calls.MATCHED_PUBLICATIONS, Ddsc.Calls.MATCHED_PUBLICATION_DATA, entity);
  }

  /** Writers matched right now. */
  public int publishers() {
    try {
      return Math.max(0, (int) Ddsc.Calls.MATCHED_PUBLICATIONS.invokeExact(entity, 0L, 0L));
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  @Override
  public void close() {
    try {
      int ignored = (int) Ddsc.Calls.DELETE.invokeExact(entity);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }
}
