package dev.forearm.ros.dds.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What matched readers and writers say of themselves in their user data. */
final class PeerData {
  private static final int MOST = 256; // peers looked at
  private static final long LONGEST = 4096; // user data read, bytes

  private PeerData() {}

  /** All that are matched. */
  static List<String> all(MethodHandle matched, MethodHandle data, int entity) {
    List<String> all = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handles = arena.allocate(JAVA_LONG, MOST);
      int count = (int) matched.invokeExact(entity, handles.address(), (long) MOST);
      for (int i = 0; i < Math.min(count, MOST); i++) {
        of(data, entity, handles.getAtIndex(JAVA_LONG, i)).ifPresent(all::add);
      }
      return all;
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /** One of them, by the library's handle; empty if it is gone. */
  static Optional<String> of(MethodHandle data, int entity, long handle) {
    try {
      long endpoint = (long) data.invokeExact(entity, handle);
      if (endpoint == 0) {
        return Optional.empty();
      }
      try {
        return Optional.of(userData(qos(endpoint)));
      } finally {
        Ddsc.Calls.FREE_ENDPOINT.invokeExact(endpoint);
      }
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  @SuppressWarnings("restricted")
  private static long qos(long endpoint) {
    return MemorySegment.ofAddress(endpoint)
        .reinterpret(DdscLayouts.ENDPOINT.byteSize())
        .get(JAVA_LONG, DdscLayouts.offset(DdscLayouts.ENDPOINT, "qos"));
  }

  /** Of an endpoint with that quality of service. */
  @SuppressWarnings("restricted")
  static String userData(long qos) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_LONG);
      MemorySegment size = arena.allocate(JAVA_LONG);
      if (qos == 0 || !(boolean) Ddsc.Calls.QGET_USERDATA.invokeExact(qos, value, size)) {
        return "";
      }
      long address = value.get(JAVA_LONG, 0);
      long bytes = Math.min(size.get(JAVA_LONG, 0), LONGEST);
      if (address == 0 || bytes <= 0) {
        return "";
      }
      try {
        MemorySegment text = MemorySegment.ofAddress(address).reinterpret(bytes);
        return new String(text.toArray(JAVA_BYTE), StandardCharsets.UTF_8);
      } finally {
        Ddsc.Calls.FREE.invokeExact(address);
      }
    }
  }
}
