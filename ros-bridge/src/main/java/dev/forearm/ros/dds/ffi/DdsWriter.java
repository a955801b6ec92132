package dev.forearm.ros.dds.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.RosFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Writes raw CDR to a topic. Used by one thread at a time; allocates nothing. */
public final class DdsWriter implements AutoCloseable {
  private static final int KIND_DATA = 2; // enum ddsi_serdata_kind: SDK_DATA
  private static final int TIMEOUT = -10; // DDS_RETCODE_TIMEOUT

  private static final long LENGTH = DdscLayouts.offset(DdscLayouts.IOVEC, "iov_len");

  private final DdsParticipant participant;
  private final int entity;
  private final DdsGuid guid;
  private final long sertype;
  private final MemorySegment iovec = Arena.ofAuto().allocate(DdscLayouts.IOVEC);
  private volatile boolean closed;

  DdsWriter(DdsParticipant participant, int entity, long sertype) {
    this.participant = participant;
    this.entity = entity;
    guid = Ddsc.guid(entity);
    this.sertype = sertype;
  }

  /**
   * Writes one message.
   *
   * @param cdr off-heap memory, the message at offset 0
   * @return false if slow reliable readers left no room for it in time
   * @throws RosFault if the bytes are not a message of the writer's type
   * @throws IllegalStateException if it, or its participant, is closed
   */
  public boolean write(MemorySegment cdr, long length) {
    if (closed || participant.isClosed()) { // whose types are freed
      throw new IllegalStateException("publishing: the publication is closed");
    }
    iovec.set(ADDRESS, 0, cdr);
    iovec.set(JAVA_LONG, LENGTH, length);
    try {
      long serdata =
          (long) Ddsc.Calls.SERDATA_FROM_SER_IOV.invokeExact(sertype, KIND_DATA, 1L, iovec, length);
      if (serdata == 0) {
        throw new RosFault(
            "publishing: Cyclone DDS refused %s bytes of CDR as not of the topic's type"
                .formatted(length));
      }
      int result = (int) Ddsc.Calls.WRITECDR.invokeExact(entity, serdata);
      if (result == TIMEOUT) {
        return false;
      }
      Ddsc.check(result, "publishing");
      return true;
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  public DdsGuid guid() {
    return guid;
  }

  /** The library's handle of this writer, by which its readers know it in this process alone. */
  public long instanceHandle() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(JAVA_LONG);
      Ddsc.check(
          (int) Ddsc.Calls.GET_INSTANCE_HANDLE.invokeExact(entity, handle), "asking for a handle");
      return handle.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /** The user data of each matched reader. */
  public List<String> userData() {
    return PeerData.all(
        Ddsc.Calls.MATCHED_SUBSCRIPTIONS, Ddsc.Calls.MATCHED_SUBSCRIPTION_DATA, entity);
  }

  /** Readers matched right now. */
  public int subscribers() {
    try {
      return Math.max(0, (int) Ddsc.Calls.MATCHED_SUBSCRIPTIONS.invokeExact(entity, 0L, 0L));
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      int ignored = (int) Ddsc.Calls.DELETE.invokeExact(entity);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }
}
