package dev.forearm.ros;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A transport on which some topics are never published and some actions never asked: whoever does
 * is heard by nobody, and seen by nobody, so nothing is heard of those actions either. All else
 * goes through the transport around which it is, which it closes.
 */
public final class WithholdingTransport implements RosTransport {
  private final RosTransport inner;
  private final Set<String> withheld;
  private volatile long messages;

  /**
   * @param withheld topics and actions, as they are advertised and asked
   */
  public WithholdingTransport(RosTransport inner, Set<String> withheld) {
    this.inner = inner;
    this.withheld = Set.copyOf(withheld);
  }

  /** Messages that would have been published. Any thread. */
  public long messages() {
    return messages;
  }

  @Override
  public Publication advertise(String topic, MessageType type, Qos qos) {
    return withheld.contains(topic) ? new Withheld(topic, type) : inner.advertise(topic, type, qos);
  }

  @Override
  public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
    return isOfWithheldAction(topic)
        ? new UnpublishedSubscription(topic, type)
        : inner.subscribe(topic, type, qos, handler);
  }

  @Override
  public List<Endpoint> endpoints() {
    return inner.endpoints();
  }

  @Override
  public List<Endpoint> endpoints(Endpoint.Role role, String topic) {
    return inner.endpoints(role, topic);
  }

  @Override
  public <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    return inner.serve(service, type, handler);
  }

  @Override
  public <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    return isOfWithheldAction(service) ? new Unasked<>(service) : inner.client(service, type);
  }

  private boolean isOfWithheldAction(String name) {
    int action = name.indexOf("/_action/");
    return action > 0 && withheld.contains(name.substring(0, action));
  }

  @Override
  public String description() {
    return inner.description();
  }

  @Override
  public void close() {
    inner.close();
  }

  /** Of a service that, as far as its client sees, is not there. */
  private record Unasked<Q extends Message, A extends Message>(String service)
      implements ServiceClient<Q, A> {
    @Override
    public boolean available() {
      return false;
    }

    @Override
    public CompletableFuture<A> call(Q request) {
      return CompletableFuture.failedFuture(
          new RosFault("service %s: withheld, asked nothing".formatted(service)));
    }

    @Override
    public void close() {}
  }

  /** Counts; all of them are one thread's, the one that publishes commands. */
  private final class Withheld implements Publication {
    private final String topic;
    private final MessageType type;

    Withheld(String topic, MessageType type) {
      this.topic = topic;
      this.type = type;
    }

    @Override
    public String topic() {
      return topic;
    }

    @Override
    public MessageType type() {
      return type;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void publish(MemorySegment cdr, long length) {
      messages++;
    }

    @Override
    public int subscribers() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
