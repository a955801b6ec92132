package dev.forearm.launch.faults;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.Subscription;
import dev.forearm.runtime.clock.SimulatedClock;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Topics and services in one process, on which messages, questions and answers fare as a plan has
 * it. One thread's.
 */
final class FaultyTransport implements RosTransport {
  private static final long LONGEST_DELAY_NANOS = 300_000_000;
  private static final long REORDERED_WITHIN_NANOS = 12_000_000;

  private final SimulatedClock clock;
  private final FaultPlan plan;
  private final SplittableRandom random;
  private final InProcessTransport inner;
  private final Map<String, Long> deliveredNanos = new HashMap<>();
  private final PriorityQueue<Late> late =
      new PriorityQueue<>(Comparator.comparingLong(Late::dueNanos).thenComparingLong(Late::number));
  private long number;

  /** A message, a question or an answer on its way. */
  private record Late(long dueNanos, long number, Runnable arrival) {}

  FaultyTransport(SimulatedClock clock, FaultPlan plan) {
    this.clock = clock;
    this.plan = plan;
    random = new SplittableRandom(plan.seed() + 1);
    inner = new InProcessTransport(clock);
  }

  /** When the next message on its way arrives; far in the future if there is none. */
  long nextNanos() {
    Late next = late.peek();
    return next == null ? Long.MAX_VALUE : next.dueNanos;
  }

  /** Delivers what is due. */
  void deliver(long now) {
    while (nextNanos() <= now) {
      late.remove().arrival.run();
    }
  }

  /** When a message of a topic last arrived. */
  long deliveredNanos(String topic) {
    return deliveredNanos.getOrDefault(topic, 0L);
  }

  @Override
  public Publication advertise(String topic, MessageType type, Qos qos) {
    return new FaultyPublication(inner.advertise(topic, type, qos));
  }

  @Override
  public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
    return inner.subscribe(topic, type, qos, handler);
  }

  @Override
  public <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    return inner.serve(service, type, handler);
  }

  @Override
  public <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    return new FaultyClient<>(inner.client(service, type));
  }

  @Override
  public String description() {
    return "in-process, with faults";
  }

  @Override
  public void close() {
    inner.close();
  }

  /**
   * Has something arrive, or not, as planned.
   *
   * @throws RosFault if it is refused
   */
  private void carry(String name, Runnable arrival) {
    long now = clock.nanos();
    if (is(FaultKind.REFUSE, name, now) != null) {
      throw new RosFault("publishing on %s: refused, as planned".formatted(name));
    }
    Strike drop = is(FaultKind.DROP, name, now);
    if (drop != null && random.nextDouble() < Math.sqrt(drop.strength())) {
      return;
    }
    Strike delay = is(FaultKind.DELAY, name, now);
    if (delay != null) {
      late.add(new Late(now + (long) (delay.strength() * LONGEST_DELAY_NANOS), number++, arrival));
      return;
    }
    if (is(FaultKind.REORDER, name, now) != null) {
      late.add(new Late(now + random.nextLong(REORDERED_WITHIN_NANOS), number++, arrival));
      return;
    }
    arrival.run();
    if (is(FaultKind.DUPLICATE, name, now) != null) {
      arrival.run();
    }
  }

  private @Nullable Strike is(FaultKind kind, String name, long now) {
    for (Strike strike : plan.strikes()) {
      if (strike.kind() == kind && strike.at(now) && strike.concerns(name)) {
        return strike;
      }
    }
    return null;
  }

  private final class FaultyPublication implements Publication {
    private final Publication healthy;
    private boolean closed;

    FaultyPublication(Publication healthy) {
      this.healthy = healthy;
    }

    @Override
    public void publish(MemorySegment cdr, long length) {
      byte[] copy = new byte[Math.toIntExact(length)];
      MemorySegment.copy(cdr, 0, MemorySegment.ofArray(copy), 0, length);
      carry(topic(), () -> arrive(MemorySegment.ofArray(copy)));
    }

    private void arrive(MemorySegment cdr) {
      if (!closed) {
        deliveredNanos.put(topic(), clock.nanos());
        healthy.publish(cdr, cdr.byteSize());
      }
    }

    @Override
    public String topic() {
      return healthy.topic();
    }

    @Override
    public MessageType type() {
      return healthy.type();
    }

    @Override
    public int subscribers() {
      return healthy.subscribers();
    }

    @Override
    public void close() {
      closed = true;
      healthy.close();
    }
  }

  /** Questions and answers fare apart; an answer that is refused is lost. */
  private final class FaultyClient<Q extends Message, A extends Message>
      implements ServiceClient<Q, A> {
    private final ServiceClient<Q, A> healthy;

    FaultyClient(ServiceClient<Q, A> healthy) {
      this.healthy = healthy;
    }

    @Override
    public String service() {
      return healthy.service();
    }

    @Override
    public boolean available() {
      return healthy.available();
    }

    @Override
    public CompletableFuture<A> call(Q request) {
      CompletableFuture<A> heard = new CompletableFuture<>();
      carry(
          service(),
          () -> {
            CompletableFuture<Void> _ =
                healthy
                    .call(request)
                    .thenAccept(answer -> carry(service(), () -> heard.complete(answer)));
          });
      return heard;
    }

    @Override
    public void close() {
      healthy.close();
    }
  }
}
