package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * The asking end of a service. Taking belongs to the thread that waits for it, as does closing; any
 * thread asks.
 */
public final class RclClient extends RclEntity implements RclWaitable {
  /** Takes over one answer. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes one answer.
     *
     * @param cdr header and body, valid during the call
     * @param sequence the number of the request, as {@link #ask} gave it
     */
    void take(MemorySegment cdr, long sequence);
  }

  private static final int BATCH = 16;

  private final int sequenceAt =
      Rcl.layouts().value("rmw_service_info_t.request_id")
          + Rcl.layouts().value("rmw_request_id_t.sequence_number");
  private final int nothing = Rcl.layouts().value("RCL_RET_CLIENT_TAKE_FAILED");

  private final MemorySegment client =
      arena.allocate(Rcl.layouts().value("rcl_client_t"), Long.BYTES);
  private final MemorySegment info =
      arena.allocate(Rcl.layouts().value("rmw_service_info_t"), Long.BYTES);
  private final MemorySegment result = arena.allocate(JAVA_LONG);
  private final RclMessage request;
  private final RclMessage response;

  /** Holding the node's turn. */
  RclClient(RclNode node, String name, ServiceType<?, ?> type) {
    super(node, name);
    request = new RclMessage(type.request(), node.allocator());
    response = new RclMessage(type.response(), node.allocator());
    try (Arena call = Arena.ofConfined()) {
      MemorySegment options =
          (MemorySegment) Rcl.Calls.CLIENT_DEFAULT_OPTIONS.invokeExact((SegmentAllocator) call);
      Rcl.check(
          (int)
              Rcl.Calls.CLIENT_INIT.invokeExact(
                  client,
                  node.address(),
                  RclTypeSupport.of(type),
                  call.allocateFrom(name),
                  options),
          "preparing to ask " + name);
    } catch (Throwable e) {
      free();
      throw Rcl.unexpected(e);
    }
  }

  @Override
  public Kind kind() {
    return Kind.CLIENT;
  }

  @Override
  public MemorySegment address() {
    return client;
  }

  /** Whether a server is there. */
  public boolean available() {
    synchronized (node) {
      synchronized (this) {
        if (isClosed()) {
          return false;
        }
        try {
          Rcl.check(
              (int) Rcl.Calls.SERVER_IS_AVAILABLE.invokeExact(node.address(), client, result),
              "looking for a server of " + name);
          return result.get(JAVA_BOOLEAN, 0);
        } catch (Throwable e) {
          throw Rcl.unexpected(e);
        }
      }
    }
  }

  /**
   * Sends a request.
   *
   * @return its number, which its answer will bear
   */
  public synchronized long ask(CdrWriter cdr) {
    if (isClosed()) {
      throw new IllegalStateException("client of " + name + " is closed");
    }
    request.set(cdr);
    try {
      Rcl.check(
          (int) Rcl.Calls.SEND_REQUEST.invokeExact(client, request.address(), result),
          "asking " + name);
      return result.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  /** Takes what has arrived, a batch at most, and hands each answer to {@code taker}. */
  public void take(Taker taker) {
    try {
      for (int taken = 0; taken < BATCH; taken++) {
        int took = (int) Rcl.Calls.TAKE_RESPONSE.invokeExact(client, info, response.address());
        if (took == nothing) {
          return;
        }
        Rcl.check(took, "taking an answer of " + name);
        taker.take(response.cdr(), info.get(JAVA_LONG, sequenceAt));
      }
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  @Override
  void finalise() throws Throwable {
    Rcl.check(
        (int) Rcl.Calls.CLIENT_FINI.invokeExact(client, node.address()),
        "finalising the client of " + name);
  }

  @Override
  void free() {
    request.close();
    response.close();
    super.free();
  }
}
