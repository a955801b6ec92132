package dev.forearm.launch.faults;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.runtime.clock.SimulatedClock;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Topics in one process on which messages fare as a plan has it. One thread's. */
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

  /** A message on its way. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Late(long dueNanos, long number, FaultyPublication by, byte[] message) {}

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
      Late next = late.remove();
      next.by.arrive(MemorySegment.ofArray(next.message), next.message.length);
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
  public String description() {
    return "in-process, with faults";
  }

  @Override
  public void close() {
    inner.close();
  }

  private final class FaultyPublication implements Publication {
    private final Publication healthy;
    private boolean closed;

    FaultyPublication(Publication healthy) {
      this.healthy = healthy;
    }

    @Override
    public void publish(MemorySegment cdr, long length) {
      long now = clock.nanos();
      if (is(FaultKind.REFUSE, now) != null) {
        throw new RosFault("publishing on %s: refused, as planned".formatted(topic()));
      }
      Strike drop = is(FaultKind.DROP, now);
      if (drop != null && random.nextDouble() < Math.sqrt(drop.strength())) {
        return;
      }
      Strike delay = is(FaultKind.DELAY, now);
      if (delay != null) {
        send(now + (long) (delay.strength() * LONGEST_DELAY_NANOS), cdr, length);
        return;
      }
      if (is(FaultKind.REORDER, now) != null) {
        send(now + random.nextLong(REORDERED_WITHIN_NANOS), cdr, length);
        return;
      }
      arrive(cdr, length);
      if (is(FaultKind.DUPLICATE, now) != null) {
        arrive(cdr, length);
      }
    }

    void arrive(MemorySegment cdr, long length) {
      if (!closed) {
        deliveredNanos.put(topic(), clock.nanos());
        healthy.publish(cdr, length);
      }
    }

    private void send(long dueNanos, MemorySegment cdr, long length) {
      byte[] copy = new byte[Math.toIntExact(length)];
      MemorySegment.copy(cdr, 0, MemorySegment.ofArray(copy), 0, length);
      late.add(new Late(dueNanos, number++, this, copy));
    }

    private @Nullable Strike is(FaultKind kind, long now) {
      for (Strike strike : plan.strikes()) {
        if (strike.kind() == kind && strike.at(now) && strike.topic().equals(topic())) {
          return strike;
        }
      }
      return null;
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
}
