package dev.forearm.ros.rcl;

import dev.forearm.ros.Message;
import dev.forearm.ros.RequestDelivery;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.rcl.ffi.RclService;
import java.lang.foreign.MemorySegment;

/** An rcl service as the answering end of a ROS service. */
final class RclServer<Q extends Message, A extends Message> implements ServiceServer, RclSource {
  private final String name;
  private final ServiceType<Q, A> type;
  private final RclService service;
  private final RclWaitSet waitSet;
  private final ServiceHandler<Q, A> handler;
  private final CdrReader reader = new CdrReader(); // service thread's
  private volatile boolean closed;
  private final RequestDelivery requests;

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
    requests = new RequestDelivery(name);
  }

  @Override
  public RclService waitable() {
    return service;
  }

  @Override
  public void take() {
    service.take(this::deliver);
  }

  private void deliver(MemorySegment cdr, byte[] id) {
    if (!closed) {
      requests.deliver(() -> request(cdr, id));
    }
  }

  private void request(MemorySegment cdr, byte[] id) {
    reader.wrap(cdr);
    handler.onRequest(type.readRequest().apply(reader), answer -> reply(id, answer));
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
    return requests.received();
  }

  @Override
  public long refused() {
    return requests.refused();
  }

  /** Nothing is asked any more; the service thread, which may be waiting for it, finalises. */
  @Override
  public void close() {
    closed = true;
    waitSet.detach(this);
  }
}
