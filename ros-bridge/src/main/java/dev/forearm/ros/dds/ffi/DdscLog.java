package dev.forearm.ros.dds.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.forearm.ros.RosFault;
import java.lang.foreign.MemorySegment;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the library says while it joins a domain. Its results tell no more than 'Error'; the reason,
 * for example what is wrong with {@code CYCLONEDDS_URI}, is in its log alone. In between, and only
 * then, the library calls into Java, on the thread that joins.
 */
final class DdscLog {
  private static final Logger LOG = LoggerFactory.getLogger(DdscLog.class);
  private static StringJoiner said = new StringJoiner("; ");

  private DdscLog() {}

  /** A call of the library. */
  interface Call {
    int result() throws Throwable;
  }

  /**
   * Makes a call.
   *
   * @throws RosFault with what the library said, if the result is negative
   */
  static synchronized int listening(String operation, Call call) {
    said = new StringJoiner("; ");
    try {
      Ddsc.Calls.SET_LOG_SINK.invokeExact(Ddsc.Calls.LOG_SINK, 0L);
      int result;
      try {
        result = call.result();
      } finally {
        Ddsc.Calls.SET_LOG_SINK.invokeExact(MemorySegment.NULL, 0L);
      }
      String reason = said.toString();
      if (result < 0 && !reason.isEmpty()) {
        throw new RosFault("%s: Cyclone DDS says '%s'".formatted(operation, reason));
      }
      if (!reason.isEmpty()) {
        LOG.warn("{}: Cyclone DDS says '{}'", operation, reason);
      }
      return Ddsc.check(result, operation);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /** Called by the library: {@code void (*)(void *userdata, const dds_log_data_t *data)}. */
  @SuppressWarnings("restricted")
  static void hear(MemorySegment userdata, MemorySegment data) {
    MemorySegment line = data.reinterpret(DdscLayouts.LOG_DATA.byteSize());
    long message = DdscLayouts.offset(DdscLayouts.LOG_DATA, "message");
    said.add(Ddsc.text(line.get(ADDRESS, message)).strip());
  }
}
