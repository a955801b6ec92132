package dev.forearm.ros.dds;

import dev.forearm.ros.Message;
import dev.forearm.ros.RequestDelivery;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.ffi.DdsReader;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answering end of a service over DDS. */
final class CycloneServer<Q extends Message, A extends Message>
    implements ServiceServer, CycloneSource {
  private static final Logger LOG = LoggerFactory.getLogger(CycloneServer.class);

  /** As rmw_cyclonedds waits: a client may ask before its ear is discovered. */
  private static final long EAR_NANOS = Duration.ofMillis(100).toNanos();

  private static final long LOOK_NANOS = Duration.ofMillis(2).toNanos();

  private final String service;
  private final ServiceType<Q, A> type;
  private final CycloneServices.End end;
  private final ServiceHandler<Q, A> handler;
  private final CdrReader reader = new CdrReader(); // service thread's
  private final CdrWriter writer = new CdrWriter(256); // under the lock of this
  private boolean closed;
  private final RequestDelivery requests;

  CycloneServer(
      String service,
      ServiceType<Q, A> type,
      CycloneServices.End end,
      ServiceHandler<Q, A> handler) {
    this.service = service;
    this.type = type;
    this.end = end;
    this.handler = handler;
    requests = new RequestDelivery(service);
  }

  @Override
  public DdsReader reader() {
    return end.reader();
  }

  @Override
  public void take() {
    end.reader().take((cdr, publication) -> requests.deliver(() -> request(cdr, publication)));
  }

  private void request(MemorySegment cdr, long publication) {
    if (end.reader().userDataOf(publication).filter(CycloneServices::isForeign).isPresent()) {
      throw new RosFault(CycloneServices.FOREIGN_CLIENT);
    }
    reader.wrap(cdr);
    long client = reader.readInt64();
    long sequence = reader.readInt64();
    Q request = type.readRequest().apply(reader);
    handler.onRequest(request, answer -> reply(client, sequence, publication, answer));
  }

  private synchronized void reply(long client, long sequence, long publication, A answer) {
    if (closed || !hears(publication)) {
      return;
    }
    writer.begin();
    writer.writeInt64(client);
    writer.writeInt64(sequence);
    answer.write(writer);
    writer.end();
    if (!end.writer().write(writer.segment(), writer.length())) {
      LOG.warn("{}: answer dropped, its client is too slow", service);
    }
  }

  /** Whether the client is still there; waits until an answer would reach it. */
  private boolean hears(long publication) {
    Optional<String> data = end.reader().userDataOf(publication);
    if (data.isEmpty()) {
      return false;
    }
    Optional<String> client = CycloneServices.idIn(data.get());
    long until = System.nanoTime() + EAR_NANOS;
    while (client.isPresent()
        && end.writer().userData().stream().noneMatch(ear -> ear.contains(client.get()))
        && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  @Override
  public String service() {
    return service;
  }

  @Override
  public long received() {
    return requests.received();
  }

  @Override
  public long refused() {
    return requests.refused();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      end.close();
    }
  }
}
