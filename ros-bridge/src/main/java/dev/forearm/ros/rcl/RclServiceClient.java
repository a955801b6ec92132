package dev.forearm.ros.rcl;

import dev.forearm.ros.Message;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.rcl.ffi.RclClient;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An rcl client as the asking end of a ROS service. */
final class RclServiceClient<Q extends Message, A extends Message>
    implements ServiceClient<Q, A>, RclSource {
  private final String name;
  private final ServiceType<Q, A> type;
  private final RclClient client;
  private final RclWaitSet waitSet;
  private final CdrReader reader = new CdrReader(); // service thread's
  private final CdrWriter writer = new CdrWriter(256); // this and below under the lock of this
  private final Map<Long, CompletableFuture<A>> underWay = new LinkedHashMap<>();
  private volatile boolean closed;

  RclServiceClient(String name, ServiceType<Q, A> type, RclClient client, RclWaitSet waitSet) {
    this.name = name;
    this.type = type;
    this.client = client;
    this.waitSet = waitSet;
  }

  @Override
  public RclClient waitable() {
    return client;
  }

  @Override
  public String service() {
    return name;
  }

  @Override
  public boolean available() {
    return !closed && client.available();
  }

  @Override
  public synchronized CompletableFuture<A> call(Q request) {
    if (closed) {
      throw new IllegalStateException("client of " + name + " is closed");
    }
    if (underWay.size() == MOST_UNDER_WAY) {
      Iterator<CompletableFuture<A>> oldest = underWay.values().iterator();
      givenUp(oldest.next(), "%s requests wait for an answer".formatted(MOST_UNDER_WAY));
      oldest.remove();
    }
    request.encode(writer);
    CompletableFuture<A> answer = new CompletableFuture<>();
    underWay.put(client.ask(writer), answer);
    return answer;
  }

  @Override
  public void take() {
    client.take(this::deliver);
  }

  private void deliver(MemorySegment cdr, long sequence) {
    @Nullable CompletableFuture<A> answer;
    synchronized (this) { // so the request that it answers is noted
      answer = underWay.remove(sequence);
    }
    if (answer == null) {
      return;
    }
    try {
      reader.wrap(cdr);
      answer.complete(type.readResponse().apply(reader));
    } catch (RosFault fault) {
      answer.completeExceptionally(fault);
    }
  }

  private void givenUp(CompletableFuture<A> answer, String reason) {
    answer.completeExceptionally(new RosFault("calling %s: %s".formatted(name, reason)));
  }

  /** Gives up what is under way; the service thread, which may be waiting for it, finalises. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      underWay.values().forEach(answer -> givenUp(answer, "the client was closed"));
      underWay.clear();
    }
    waitSet.detach(this);
  }
}
