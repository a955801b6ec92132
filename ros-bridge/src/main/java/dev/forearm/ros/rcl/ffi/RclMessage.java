package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * A message as rcl holds it, in storage that its type support makes, filled from CDR and read as
 * CDR: services know no serialized messages. One thread at a time.
 */
final class RclMessage implements AutoCloseable {
  private final long bufferAt = Rcl.layouts().value("rmw_serialized_message_t.buffer");
  private final long lengthAt = Rcl.layouts().value("rmw_serialized_message_t.buffer_length");
  private final long capacityAt = Rcl.layouts().value("rmw_serialized_message_t.buffer_capacity");

  private final MessageType type;
  private final MemorySegment typeSupport;
  private final SymbolLookup generated;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment given; // a serialized message around somebody else's bytes
  private final MemorySegment made; // one whose bytes are rcl's
  private final MemorySegment message;

  /**
   * @throws RosFault if the package that defines the type is not installed, or defines it otherwise
   */
  RclMessage(MessageType type, MemorySegment allocator) {
    this.type = type;
    typeSupport = RclTypeSupport.of(type);
    generated = RclTypeSupport.generated(type);
    long bytes = Rcl.layouts().value("rmw_serialized_message_t");
    given = arena.allocate(bytes, Long.BYTES);
    made = arena.allocate(bytes, Long.BYTES);
    try {
      Rcl.check(
          (int) Rcl.Calls.SERIALIZED_MESSAGE_INIT.invokeExact(made, 0L, allocator),
          "making room for a " + type);
      // <type> *<package>__srv__<type>__create(void)
      message = (MemorySegment) function("create", FunctionDescriptor.of(ADDRESS)).invokeExact();
    } catch (Throwable e) {
      arena.close();
      throw Rcl.unexpected(e);
    }
    if (message.address() == 0) {
      arena.close();
      throw new RosFault("making a %s: there is no memory for it".formatted(type));
    }
  }

  @SuppressWarnings("restricted")
  private MethodHandle function(String name, FunctionDescriptor signature) {
    String symbol = type.name().replace("/", "__") + "__" + name;
    return Linker.nativeLinker()
        .downcallHandle(
            generated
                .find(symbol)
                .orElseThrow(() ->
                    new RosFault(
                        "type %s: the sourced ROS 2 lacks %s; install its package again"
                            .formatted(type, symbol))),
            signature);
  }

  /** rcl's message. */
  MemorySegment address() {
    return message;
  }

  /**
   * Fills the message.
   *
   * @throws RosFault if rcl refuses the bytes
   */
  void set(CdrWriter cdr) {
    given.set(ADDRESS, bufferAt, cdr.segment());
    given.set(JAVA_LONG, lengthAt, cdr.length());
    given.set(JAVA_LONG, capacityAt, cdr.length());
    try {
      Rcl.check(
          (int) Rcl.Calls.DESERIALIZE.invokeExact(given, typeSupport, message),
          "filling a " + type);
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  /** What the message holds, header and body; valid until the next call. */
  @SuppressWarnings("restricted")
  MemorySegment cdr() {
    try {
      Rcl.check(
          (int) Rcl.Calls.SERIALIZE.invokeExact(message, typeSupport, made), "reading a " + type);
      return made.get(ADDRESS, bufferAt).reinterpret(made.get(JAVA_LONG, lengthAt));
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  @Override
  public void close() {
    try {
      // void <package>__srv__<type>__destroy(<type> *msg)
      function("destroy", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(message);
      Rcl.check((int) Rcl.Calls.SERIALIZED_MESSAGE_FINI.invokeExact(made), "freeing a " + type);
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    } finally {
      arena.close();
    }
  }
}
