package dev.forearm.ros.dds.ffi;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/**
 * A participant of a DDS domain and the types and topics made in it. Used by one thread at a time.
 */
public final class DdsParticipant implements AutoCloseable {
  private final int entity;
  private volatile boolean closed;
  private final boolean secured;
  private final Map<String, DdsType> types = new HashMap<>();
  private final Map<String, Integer> topics = new HashMap<>();

  /**
   * Joins a domain.
   *
   * @param enclave its security enclave, which rmw implementations say of every participant
   * @param properties of DDS Security, by name; none: nothing is secured
   * @throws dev.forearm.ros.RosFault if it cannot be joined
   */
  public DdsParticipant(int domain, String enclave, Map<String, String> properties) {
    secured = !properties.isEmpty();
    try (Arena arena = Arena.ofConfined();
        DdsQos qos = new DdsQos()) {
      qos.userData(arena, "enclave=%s;".formatted(enclave));
      properties.forEach((name, value) -> qos.property(arena, name, value));
      entity =
          DdscLog.listening(
              "joining ROS domain " + domain,
              () -> (int) Ddsc.Calls.CREATE_PARTICIPANT.invokeExact(domain, qos.address(), 0L));
    }
  }

  public DdsGuid guid() {
    return Ddsc.guid(entity);
  }

  boolean isClosed() {
    return closed;
  }

  int entity() {
    return entity;
  }

  /** A writer of {@code ddsTopic}. */
  public DdsWriter writer(String ddsTopic, MessageType type, Qos qos) {
    return writer(ddsTopic, type, qos, "");
  }

  /**
   * One that says more of itself.
   *
   * @param userData {@code key=value;} before the type hash
   */
  public DdsWriter writer(String ddsTopic, MessageType type, Qos qos, String userData) {
    DdsType ddsType = type(type);
    try (Arena arena = Arena.ofConfined();
        DdsQos wanted = DdsQos.of(arena, qos, type, userData)) {
      int writer =
          Ddsc.check(
              (int)
                  Ddsc.Calls.CREATE_WRITER.invokeExact(
                      entity, topic(ddsTopic, ddsType), wanted.address(), 0L),
              "publishing " + ddsTopic);
      return new DdsWriter(this, writer, ddsType.sertype());
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /** A reader of {@code ddsTopic}. */
  public DdsReader reader(String ddsTopic, MessageType type, Qos qos) {
    return reader(ddsTopic, type, qos, "");
  }

  /**
   * One that says more of itself.
   *
   * @param userData {@code key=value;} before the type hash
   */
  public DdsReader reader(String ddsTopic, MessageType type, Qos qos, String userData) {
    DdsType ddsType = type(type);
    try (Arena arena = Arena.ofConfined();
        DdsQos wanted = DdsQos.of(arena, qos, type, userData)) {
      int reader =
          Ddsc.check(
              (int)
                  Ddsc.Calls.CREATE_READER.invokeExact(
                      entity, topic(ddsTopic, ddsType), wanted.address(), 0L),
              "subscribing " + ddsTopic);
      return new DdsReader(reader);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  private DdsType type(MessageType type) {
    return types.computeIfAbsent(type.name(), name -> new DdsType(entity, type, secured));
  }

  /** One topic entity a name, whatever the QoS of those who use it. */
  private int topic(String name, DdsType type) {
    return topics.computeIfAbsent(
        name + " " + type.messageType().name(), key -> type.createTopic(name));
  }

  /** Leaves the domain and deletes everything made here. */
  @Override
  public void close() {
    closed = true;
    try {
      int ignored = (int) Ddsc.Calls.DELETE.invokeExact(entity);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
    types.values().forEach(DdsType::close);
  }
}
