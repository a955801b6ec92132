package dev.forearm.ros.dds.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A DDS domain configured by us instead of by {@code CYCLONEDDS_URI}. */
public final class DdsDomain {
  private DdsDomain() {}

  /**
   * Configures a domain before its first participant.
   *
   * @param configuration Cyclone's XML
   * @return its entity, for {@link #delete}
   * @throws dev.forearm.ros.RosFault if the process already has that domain
   */
  public static int create(int domain, String configuration) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(configuration);
      return DdscLog.listening(
          "configuring ROS domain " + domain,
          () -> (int) Ddsc.Calls.CREATE_DOMAIN.invokeExact(domain, text));
    }
  }

  /** Deletes it with all its participants. */
  public static void delete(int entity) {
    try {
      int ignored = (int) Ddsc.Calls.DELETE.invokeExact(entity);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }
}
