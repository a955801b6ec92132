package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.ServiceType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.HexFormat;
import java.util.Locale;

/** What the sourced ROS 2 knows of message types: how its middleware tells them apart. */
final class RclTypeSupport {
  private static final String TYPE_HASH = "rosidl_message_type_support_t.get_type_hash_func";

  private RclTypeSupport() {}

  /**
   * The handle of a message type, which lives as long as the process.
   *
   * @throws RosFault if the package that defines it is not installed, or defines it otherwise than
   *     it is built in here
   */
  static MemorySegment of(MessageType type) {
    MemorySegment handle = handle("message", type.name());
    if (Rcl.layouts().has(TYPE_HASH)) {
      compare(type, hash(handle), Rcl.installation());
    }
    return handle;
  }

  /**
   * The handle of a service type, which lives as long as the process.
   *
   * @throws RosFault if the package that defines it is not installed
   */
  static MemorySegment of(ServiceType<?, ?> type) {
    return handle("service", type.name());
  }

  /** What was generated for a message type in C. */
  static SymbolLookup generated(MessageType type) {
    return library(type.name(), "rosidl_generator_c");
  }

  private static MemorySegment handle(String kind, String type) {
    String symbol =
        "rosidl_typesupport_c__get_%s_type_support_handle__%s"
            .formatted(kind, type.replace("/", "__"));
    MemorySegment handle =
        call(library(type, "rosidl_typesupport_c").find(symbol).orElseThrow(() -> missing(type)));
    if (handle.address() == 0) {
      throw new RosFault("type %s: rcl says '%s'".formatted(type, Rcl.error()));
    }
    return handle;
  }

  private static SymbolLookup library(String type, String kind) {
    return Rcl.open(
        Rcl.installation().library(packageOf(type) + "__" + kind).orElseThrow(() -> missing(type)));
  }

  private static String packageOf(String type) {
    int slash = type.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException("'" + type + "' is not package/msg/Type");
    }
    return type.substring(0, slash);
  }

  private static RosFault missing(String type) {
    RosInstallation installation = Rcl.installation();
    String packageName = packageOf(type);
    return new RosFault(
        "type %s: %s does not bring it; install ros-%s-%s, or source the workspace that builds %s"
            .formatted(
                type,
                installation,
                installation.distribution(),
                packageName.replace('_', '-').toLowerCase(Locale.ROOT),
                packageName));
  }

  private static void compare(MessageType type, String hash, RosInstallation installation) {
    if (!hash.equals(type.hash())) {
      throw new RosFault(
          "type %s: %s defines it as %s, which is not what is built in here (%s), so it would be misread; use the definition that both have"
              .formatted(type, installation, hash, type.hash()));
    }
  }

  // const rosidl_message_type_support_t *
  //     rosidl_typesupport_c__get_message_type_support_handle__<package>__msg__<type>(void)
  @SuppressWarnings("restricted")
  private static MemorySegment call(MemorySegment function) {
    try {
      return (MemorySegment)
          Linker.nativeLinker()
              .downcallHandle(function, FunctionDescriptor.of(ADDRESS))
              .invokeExact();
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  // const rosidl_type_hash_t *(*get_type_hash_func)(const rosidl_message_type_support_t *)
  @SuppressWarnings("restricted")
  private static String hash(MemorySegment handle) {
    RclLayouts layouts = Rcl.layouts();
    long at = layouts.value(TYPE_HASH);
    MemorySegment function = handle.reinterpret(at + ADDRESS.byteSize()).get(ADDRESS, at);
    try {
      MemorySegment hash =
          ((MemorySegment)
                  Linker.nativeLinker()
                      .downcallHandle(function, FunctionDescriptor.of(ADDRESS, ADDRESS))
                      .invokeExact(handle))
              .reinterpret(layouts.value("rosidl_type_hash_t"));
      byte[] value = hash.asSlice(layouts.value("rosidl_type_hash_t.value")).toArray(JAVA_BYTE);
      return String.format(
          Locale.ROOT, "RIHS%02d_%s", hash.get(JAVA_BYTE, 0), HexFormat.of().formatHex(value));
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }
}
