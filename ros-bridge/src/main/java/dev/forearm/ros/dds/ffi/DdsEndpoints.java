package dev.forearm.ros.dds.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.Qos;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/**
 * All writers, or all readers, of a domain: a reader of one of the library's built-in topics.
 * Taking belongs to the receive thread.
 */
public final class DdsEndpoints implements DdsWaitset.Attachable {
  /** Which of the library's built-in topics. */
  public enum Kind {
    WRITERS(3),
    READERS(4);

    /** {@code DDS_MIN_PSEUDO_HANDLE} of dds/dds.h. */
    private static final int PSEUDO_HANDLES = 0x7fff0000;

    private final int topic;

    Kind(int handle) {
      topic = PSEUDO_HANDLES + handle;
    }
  }

  /** Hears who comes and goes; the receive thread. */
  public interface Listener {
    /** Somebody is there, or has changed. */
    void appeared(DdsEndpoint endpoint);

    /** It is there no more. */
    void left(DdsGuid endpoint);
  }

  private static final int BATCH = 16;
  private static final long INFO_BYTES = DdscLayouts.SAMPLE_INFO.byteSize();

  private final int entity;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment samples = arena.allocate(MemoryLayout.sequenceLayout(BATCH, ADDRESS));
  private final MemorySegment infos =
      arena.allocate(MemoryLayout.sequenceLayout(BATCH, DdscLayouts.SAMPLE_INFO));
  private final MemorySegment kind = arena.allocate(JAVA_INT);
  private final MemorySegment duration = arena.allocate(JAVA_LONG);

  public DdsEndpoints(DdsParticipant participant, Kind kind) {
    try {
      entity =
          Ddsc.check(
              (int) Ddsc.Calls.CREATE_READER.invokeExact(participant.entity(), kind.topic, 0L, 0L),
              "listening for " + kind);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  @Override
  public int entity() {
    return entity;
  }

  /** Takes what changed, a batch at most. */
  public void take(Listener listener) {
    try {
      samples.fill((byte) 0); // the library is to lend its own memory
      int taken = (int) Ddsc.Calls.TAKE.invokeExact(entity, samples, infos, (long) BATCH, BATCH);
      if (taken <= 0) {
        return; // the participant is being deleted
      }
      for (int i = 0; i < taken; i++) {
        MemorySegment endpoint = endpoint(samples.getAtIndex(JAVA_LONG, i));
        if (infos.get(JAVA_BOOLEAN, i * INFO_BYTES + DdscLayouts.SAMPLE_VALID)) {
          listener.appeared(read(endpoint));
        } else {
          listener.left(guid(endpoint, "key"));
        }
      }
      Ddsc.check((int) Ddsc.Calls.RETURN_LOAN.invokeExact(entity, samples, taken), "discovering");
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment endpoint(long address) {
    return MemorySegment.ofAddress(address).reinterpret(DdscLayouts.ENDPOINT.byteSize());
  }

  private DdsEndpoint read(MemorySegment endpoint) throws Throwable {
    long qos = endpoint.get(JAVA_LONG, DdscLayouts.offset(DdscLayouts.ENDPOINT, "qos"));
    boolean hasReliability = (boolean) Ddsc.Calls.QGET_RELIABILITY.invokeExact(qos, kind, duration);
    boolean reliable = hasReliability && kind.get(JAVA_INT, 0) != 0;
    boolean hasDurability = (boolean) Ddsc.Calls.QGET_DURABILITY.invokeExact(qos, kind);
    boolean latched = hasDurability && kind.get(JAVA_INT, 0) != 0;
    return new DdsEndpoint(
        guid(endpoint, "key"),
        guid(endpoint, "participant_key"),
        text(endpoint, "topic_name"),
        text(endpoint, "type_name"),
        new Qos(
            reliable ? Qos.Reliability.RELIABLE : Qos.Reliability.BEST_EFFORT,
            latched ? Qos.Durability.TRANSIENT_LOCAL : Qos.Durability.VOLATILE,
            1,
            new Qos.Timing(deadline(qos), Qos.Timing.WITHOUT_LIMIT, lease(qos))),
        PeerData.userData(qos));
  }

  private long deadline(long qos) throws Throwable {
    boolean known = (boolean) Ddsc.Calls.QGET_DEADLINE.invokeExact(qos, duration);
    return known ? limit() : Qos.Timing.WITHOUT_LIMIT;
  }

  private long lease(long qos) throws Throwable {
    boolean known = (boolean) Ddsc.Calls.QGET_LIVELINESS.invokeExact(qos, kind, duration);
    return known ? limit() : Qos.Timing.WITHOUT_LIMIT;
  }

  /** A peer may say anything: what is no time is no limit. */
  private long limit() {
    long nanos = duration.get(JAVA_LONG, 0);
    return nanos <= 0 ? Qos.Timing.WITHOUT_LIMIT : nanos;
  }

  private static String text(MemorySegment endpoint, String field) {
    return Ddsc.text(endpoint.get(ADDRESS, DdscLayouts.offset(DdscLayouts.ENDPOINT, field)));
  }

  private static DdsGuid guid(MemorySegment endpoint, String field) {
    return DdsGuid.at(endpoint, DdscLayouts.offset(DdscLayouts.ENDPOINT, field));
  }
}
