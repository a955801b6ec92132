package dev.forearm.ros.dds.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * A message type as one participant knows it: its descriptor in memory and the library's sertype,
 * by which raw CDR is turned into samples.
 */
final class DdsType implements AutoCloseable {
  private static final int STRUCT_ALIGNMENT = 8;
  private static final int RESTRICT_DATA_REPRESENTATION = 1 << 7;
  private static final int XCDR1_FLAG = 1;
  private static final int ANY_STATE = 127;
  private static final int TRIES = 200;
  private static final long TRY_AGAIN_NANOS = Duration.ofMillis(5).toNanos();

  private final Arena arena = Arena.ofShared();
  private final int participant;
  private final MessageType messageType;
  private final MemorySegment descriptor;
  private final int sampleBytes;
  private final long sertype;

  /**
   * @param secured whether the participant may use those topics only that its keys permit
   */
  DdsType(int participant, MessageType messageType, boolean secured) {
    this.participant = participant;
    this.messageType = messageType;
    SerializerOps.Program program = SerializerOps.compile(messageType);
    this.sampleBytes = program.sampleBytes();
    this.descriptor = descriptor(program);
    this.sertype = findSertype(secured);
  }

  MessageType messageType() {
    return messageType;
  }

  /** The {@code struct ddsi_sertype *}; lives as long as the participant. */
  long sertype() {
    return sertype;
  }

  private MemorySegment descriptor(SerializerOps.Program program) {
    MemorySegment memory = arena.allocate(DdscLayouts.TOPIC_DESCRIPTOR);
    MemorySegment ops = arena.allocateFrom(JAVA_INT, program.ops());
    set(memory, "m_size", program.sampleBytes());
    set(memory, "m_align", STRUCT_ALIGNMENT);
    set(memory, "m_flagset", RESTRICT_DATA_REPRESENTATION);
    set(memory, "m_nkeys", 0);
    set(memory, "m_typename", arena.allocateFrom(DdsNames.type(messageType)));
    set(memory, "m_nops", program.ops().length);
    set(memory, "m_ops", ops);
    set(memory, "m_meta", arena.allocateFrom(""));
    set(memory, "restrict_data_representation", XCDR1_FLAG);
    return memory;
  }

  private static void set(MemorySegment descriptor, String field, int value) {
    descriptor.set(JAVA_INT, DdscLayouts.offset(DdscLayouts.TOPIC_DESCRIPTOR, field), value);
  }

  private static void set(MemorySegment descriptor, String field, MemorySegment value) {
    descriptor.set(ADDRESS, DdscLayouts.offset(DdscLayouts.TOPIC_DESCRIPTOR, field), value);
  }

  int createTopic(String name) {
    try (Arena call = Arena.ofConfined();
        DdsQos qos = new DdsQos()) {
      return Ddsc.check(
          (int)
              Ddsc.Calls.CREATE_TOPIC.invokeExact(
                  participant, descriptor, call.allocateFrom(name), qos.address(), 0L),
          "creating topic " + name + " of type " + messageType);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /**
   * Asks a topic of our own for its sertype; nobody else hears of this topic's content. Of topics
   * that every enclave may publish and hear there is one. There, too, nobody listens to what we
   * write: it has another type, or is not kept for those who come late, as is wanted there.
   */
  private long findSertype(boolean secured) {
    String own = "forearm_" + UUID.randomUUID().toString().replace('-', '_');
    int topic = createTopic(secured ? DdsNames.DISCOVERY : own);
    MethodHandle ask = Ddsc.Calls.GET_ENTITY_SERTYPE;
    return ask == null ? sertypeOfSample(topic) : sertypeOfEntity(ask, topic);
  }

  private long sertypeOfEntity(MethodHandle ask, int topic) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment pointer = call.allocate(ADDRESS);
      Ddsc.check((int) ask.invokeExact(topic, pointer), "asking for the type of " + messageType);
      return pointer.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /**
   * Before 11.0 no function tells the sertype, but every sample carries it: write an empty one to
   * our own topic, take it, look at its head.
   */
  @SuppressWarnings("restricted")
  private long sertypeOfSample(int topic) {
    try (Arena call = Arena.ofConfined();
        DdsQos qos = new DdsQos()) {
      String operation = "probing type " + messageType;
      Ddsc.Calls.QSET_RELIABILITY.invokeExact(qos.address(), 1, 0L);
      qos.userData(call, "typehash=%s;".formatted(messageType.hash())); // others see them pass
      int reader =
          Ddsc.check(
              (int) Ddsc.Calls.CREATE_READER.invokeExact(participant, topic, qos.address(), 0L),
              operation);
      int writer =
          Ddsc.check(
              (int) Ddsc.Calls.CREATE_WRITER.invokeExact(participant, topic, qos.address(), 0L),
              operation);
      MemorySegment empty = call.allocate(sampleBytes, STRUCT_ALIGNMENT);
      Ddsc.check((int) Ddsc.Calls.WRITE.invokeExact(writer, empty), operation);
      long serdata = takeOne(call, reader);
      MemorySegment head =
          MemorySegment.ofAddress(serdata).reinterpret(DdscLayouts.SERDATA_HEAD.byteSize());
      long type = head.get(JAVA_LONG, DdscLayouts.offset(DdscLayouts.SERDATA_HEAD, "type"));
      Ddsc.Calls.SERDATA_UNREF.invokeExact(serdata);
      Ddsc.check((int) Ddsc.Calls.DELETE.invokeExact(writer), operation);
      Ddsc.check((int) Ddsc.Calls.DELETE.invokeExact(reader), operation);
      return type;
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  private long takeOne(Arena call, int reader) throws Throwable {
    MemorySegment pointer = call.allocate(JAVA_LONG);
    MemorySegment info = call.allocate(DdscLayouts.SAMPLE_INFO);
    for (int i = 0; i < TRIES; i++) {
      int taken =
          Ddsc.check(
              (int) Ddsc.Calls.TAKECDR.invokeExact(reader, pointer, 1, info, ANY_STATE),
              "probing type " + messageType);
      if (taken == 1 && info.get(JAVA_BOOLEAN, DdscLayouts.SAMPLE_VALID)) {
        return pointer.get(JAVA_LONG, 0);
      }
      LockSupport.parkNanos(TRY_AGAIN_NANOS);
    }
    throw new RosFault(
        "probing type %s: no sample came back from our own topic; Cyclone DDS does not deliver inside this process, check CYCLONEDDS_URI"
            .formatted(messageType));
  }

  /** Frees the descriptor; only after the participant is gone. */
  @Override
  public void close() {
    arena.close();
  }
}
