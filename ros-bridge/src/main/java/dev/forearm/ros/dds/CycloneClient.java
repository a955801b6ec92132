package dev.forearm.ros.dds;

import dev.forearm.ros.Message;
import dev.forearm.ros.OnceLog;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.ffi.DdsReader;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The asking end of a service over DDS. */
final class CycloneClient<Q extends Message, A extends Message>
    implements ServiceClient<Q, A>, CycloneSource {
  private static final String FOREIGN =
      "its server is on other middleware than rmw_cyclonedds and would misread requests; source that robot's ROS 2 and choose --transport rcl";

  private final String service;
  private final ServiceType<Q, A> type;
  private final CycloneServices.End end;
  private final long self;
  private final CdrReader reader = new CdrReader(); // service thread's
  private final CdrWriter writer = new CdrWriter(256); // this and below under the lock of this
  private final Map<Long, CompletableFuture<A>> underWay = new LinkedHashMap<>();
  private final OnceLog warnings = new OnceLog(LoggerFactory.getLogger(CycloneClient.class));
  private long sequence;
  private boolean closed;

  CycloneClient(String service, ServiceType<Q, A> type, CycloneServices.End end) {
    this.service = service;
    this.type = type;
    this.end = end;
    self = end.writer().instanceHandle();
  }

  @Override
  public DdsReader reader() {
    return end.reader();
  }

  @Override
  public String service() {
    return service;
  }

  /** A service's both ends are discovered one after the other: the same one's must be there. */
  @Override
  public boolean available() {
    List<String> asked = end.writer().userData();
    if (asked.stream().anyMatch(CycloneServices::isForeign)) {
      tellForeign();
      return false;
    }
    Set<String> answering = ids(end.reader().userData());
    return ids(asked).stream().anyMatch(answering::contains);
  }

  private static Set<String> ids(List<String> userData) {
    return userData.stream()
        .flatMap(data -> CycloneServices.idIn(data).stream())
        .collect(Collectors.toSet());
  }

  private synchronized void tellForeign() {
    warnings.warn("service %s: %s".formatted(service, FOREIGN));
  }

  @Override
  public synchronized CompletableFuture<A> call(Q request) {
    if (closed) {
      throw new IllegalStateException("client of " + service + " is closed");
    }
    if (underWay.size() == MOST_UNDER_WAY) {
      Iterator<CompletableFuture<A>> oldest = underWay.values().iterator();
      givenUp(oldest.next(), "%s requests wait for an answer".formatted(MOST_UNDER_WAY));
      oldest.remove();
    }
    CompletableFuture<A> answer = new CompletableFuture<>();
    if (end.writer().userData().stream().anyMatch(CycloneServices::isForeign)) {
      givenUp(answer, FOREIGN);
      return answer;
    }
    if (end.reader().userData().stream().anyMatch(this::isOfAnotherDefinition)) {
      givenUp(
          answer,
          "its server defines %s otherwise, and would be misread".formatted(type.response()));
      return answer;
    }
    writer.begin();
    writer.writeInt64(self);
    writer.writeInt64(++sequence);
    request.write(writer);
    writer.end();
    underWay.put(sequence, answer);
    if (!end.writer().write(writer.segment(), writer.length())) {
      underWay.remove(sequence);
      throw new RosFault("calling %s: its server is too slow to take a request".formatted(service));
    }
    return answer;
  }

  /** Of peers without a type hash, as those of Humble, nothing is known. */
  private boolean isOfAnotherDefinition(String userData) {
    return userData.contains("typehash=RIHS")
        && !userData.contains("typehash=" + type.response().hash());
  }

  @Override
  public void take() {
    end.reader().take(this::deliver);
  }

  /** Answers to other clients come by too. */
  private void deliver(MemorySegment cdr, long publication) {
    @Nullable CompletableFuture<A> answer = null;
    try {
      reader.wrap(cdr);
      if (reader.readInt64() != self) {
        return;
      }
      answer = waitingFor(reader.readInt64()).orElse(null);
      if (answer != null) {
        answer.complete(type.readResponse().apply(reader));
      }
    } catch (RosFault fault) {
      if (answer != null) {
        answer.completeExceptionally(fault);
      }
    }
  }

  private synchronized Optional<CompletableFuture<A>> waitingFor(long number) {
    return Optional.ofNullable(underWay.remove(number));
  }

  private void givenUp(CompletableFuture<A> answer, String reason) {
    answer.completeExceptionally(new RosFault("calling %s: %s".formatted(service, reason)));
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      underWay.values().forEach(answer -> givenUp(answer, "the client was closed"));
      underWay.clear();
      end.close();
    }
  }
}
