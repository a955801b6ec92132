package dev.forearm.ros.rcl;

import dev.forearm.ros.Message;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.rcl.ffi.RclService;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An rcl service as the answering end of a ROS service. */
final class RclServer<Q extends Message, A extends Message> implements ServiceServer, RclSource {
  private static final Logger LOG = LoggerFactory.getLogger(RclServer.class);

  private final String name;
  private final ServiceType<Q, A> type;
  private final RclService service;
  private final RclWaitSet waitSet;
  private final ServiceHandler<Q, A> handler;
  private final CdrReader reader = new CdrReader(); // service thread's
  private volatile boolean closed;
  private volatile long received;
  private volatile long refused;

  RclServer(
      String name,
      ServiceType<Q, A> type,
      RclService service,
      RclWaitSet waitSet,
      ServiceHandler<Q, A> handler) {
    this.name = name;
    this.type = type;
    this.service = service;
    this.waitSet = waitSet;
    this.handler = handler;
  }

  @Override
  public RclService waitable() {
    return service;
  }

  @Override
  public void take() {
    service.take(this::deliver);
  }

  /** A handler's bug must not silence the other services. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void deliver(MemorySegment cdr, byte[] id) {
    if (closed) {
      return;
    }
    received++;
    try {
      reader.wrap(cdr);
      Q request = type.readRequest().apply(reader);
      handler.onRequest(request, answer -> reply(id, answer));
    } catch (RosFault fault) {
      refused++;
      if (Long.bitCount(refused) == 1) {
        LOG.warn("{}: request refused ({} so far): {}", name, refused, fault.getMessage());
      }
    } catch (RuntimeException e) {
      LOG.error("{}: handler failed, request lost", name, e);
    }
  }

  private void reply(byte[] id, A answer) {
    CdrWriter writer = new CdrWriter(256);
    answer.encode(writer);
    service.answer(id, writer);
  }

  @Override
  public String service() {
    return name;
  }

  @Override
  public long received() {
    return received;
  }

  @Override
  public long refused() {
    return refused;
  }

  /** Nothing is asked any more; the service thread, which may be waiting for it, finalises. */
  @Override
  public void close() {
    closed = true;
    waitSet.detach(this);
  }
}
