package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * The answering end of a service. Taking belongs to the thread that waits for it, as does closing;
 * any thread answers.
 */
public final class RclService extends RclEntity implements RclWaitable {
  /** Takes over one request. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes one request.
     *
     * @param cdr header and body, valid during the call
     * @param id rcl's id of the request, for the answer; the taker's own
     */
    void take(MemorySegment cdr, byte[] id);
  }

  private static final int BATCH = 16;

  private final long idAt = Rcl.layouts().value("rmw_service_info_t.request_id");
  private final int idBytes = Rcl.layouts().value("rmw_request_id_t");
  private final int nothing = Rcl.layouts().value("RCL_RET_SERVICE_TAKE_FAILED");

  private final MemorySegment service =
      arena.allocate(Rcl.layouts().value("rcl_service_t"), Long.BYTES);
  private final MemorySegment info =
      arena.allocate(Rcl.layouts().value("rmw_service_info_t"), Long.BYTES);
  private final MemorySegment answered = arena.allocate(idBytes, Long.BYTES);
  private final RclMessage request;
  private final RclMessage response;

  /** Holding the node's turn. */
  RclService(RclNode node, String name, ServiceType<?, ?> type) {
    super(node, name);
    request = new RclMessage(type.request(), node.allocator());
    response = new RclMessage(type.response(), node.allocator());
    try (Arena call = Arena.ofConfined()) {
      MemorySegment options =
          (MemorySegment) Rcl.Calls.SERVICE_DEFAULT_OPTIONS.invokeExact((SegmentAllocator) call);
      Rcl.check(
          (int)
              Rcl.Calls.SERVICE_INIT.invokeExact(
                  service,
                  node.address(),
                  RclTypeSupport.of(type),
                  call.allocateFrom(name),
                  options),
          "serving " + name);
    } catch (Throwable e) {
      free();
      throw Rcl.unexpected(e);
    }
  }

  @Override
  public Kind kind() {
    return Kind.SERVICE;
  }

  @Override
  public MemorySegment address() {
    return service;
  }

  /** Takes what has arrived, a batch at most, and hands each request to {@code taker}. */
  public void take(Taker taker) {
    try {
      for (int taken = 0; taken < BATCH; taken++) {
        int result = (int) Rcl.Calls.TAKE_REQUEST.invokeExact(service, info, request.address());
        if (result == nothing) {
          return;
        }
        Rcl.check(result, "taking a request of " + name);
        taker.take(request.cdr(), info.asSlice(idAt, idBytes).toArray(JAVA_BYTE));
      }
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  /** Answers a request; does nothing once closed. */
  public synchronized void answer(byte[] id, CdrWriter cdr) {
    if (isClosed()) {
      return;
    }
    response.set(cdr);
    MemorySegment.copy(id, 0, answered, JAVA_BYTE, 0, idBytes);
    try {
      Rcl.check(
          (int) Rcl.Calls.SEND_RESPONSE.invokeExact(service, answered, response.address()),
          "answering a request of " + name);
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  @Override
  void finalise() throws Throwable {
    Rcl.check(
        (int) Rcl.Calls.SERVICE_FINI.invokeExact(service, node.address()),
        "finalising service " + name);
  }

  @Override
  void free() {
    request.close();
    response.close();
    super.free();
  }
}
