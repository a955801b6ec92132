package dev.forearm.ros;

import dev.forearm.runtime.clock.Clock;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Topics inside one process, for lockstep runs and tests: publishing calls the handlers at once, on
 * the publishing thread, in the order they subscribed. What travels is the encoded message, so both
 * ends run the codec they run on a robot. Set up by one thread, and deterministic while one
 * publishes; where several do, as in real time, they take turns, so that handlers run one at a time
 * as on another transport's receive thread.
 *
 * <p>As over DDS, a subscription whose {@link Qos} the publication does not offer gets nothing, and
 * a transient local publication's last messages reach a late transient local subscription.
 */
public final class InProcessTransport implements RosTransport {
  private final Clock clock;
  private final TopicNames names;
  private final Map<String, Topic> topics = new LinkedHashMap<>();
  private final Object turn = new Object(); // held while handlers run
  private final InProcessServices services = new InProcessServices(turn);
  private long publications;

  /**
   * @param clock stamps arrivals
   */
  public InProcessTransport(Clock clock) {
    this.clock = clock;
    this.names = new TopicNames("/");
  }

  @Override
  public Publication advertise(String topic, MessageType type, Qos qos) {
    return new LocalPublication(topic(topic, type), qos);
  }

  @Override
  public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
    return new LocalSubscription(topic(topic, type), qos, handler);
  }

  @Override
  public List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Topic topic : topics.values()) {
      topic.publications.forEach(
          each -> endpoints.add(topic.endpoint(Endpoint.Role.PUBLISHER, each.qos)));
      for (LocalSubscription each : topic.subscriptions) {
        endpoints.add(topic.endpoint(Endpoint.Role.SUBSCRIBER, each.qos));
      }
    }
    return endpoints;
  }

  @Override
  public <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    return services.serve(names.resolve(service), type, handler);
  }

  @Override
  public <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    return services.client(names.resolve(service), type);
  }

  @Override
  public String description() {
    return "in-process";
  }

  @Override
  public void close() {
    topics.values().forEach(Topic::close);
    topics.clear();
  }

  private Topic topic(String name, MessageType type) {
    String resolved = names.resolve(name);
    Topic topic = topics.computeIfAbsent(resolved, n -> new Topic(n, type));
    if (!topic.type.name().equals(type.name())) {
      throw new RosFault(
          "topic %s carries %s, %s wanted; use another topic name or the same type"
              .formatted(resolved, topic.type, type));
    }
    return topic;
  }

  private static final class Topic {
    final String name;
    final MessageType type;
    final List<LocalPublication> publications = new ArrayList<>();

    // Replaced, never changed: a handler may subscribe while a message is being delivered.
    LocalSubscription[] subscriptions = {};

    Topic(String name, MessageType type) {
      this.name = name;
      this.type = type;
    }

    Endpoint endpoint(Endpoint.Role role, Qos qos) {
      return new Endpoint(role, "", name, type.name(), qos.reliability(), qos.durability());
    }

    void close() {
      List.copyOf(publications).forEach(LocalPublication::close);
      for (LocalSubscription subscription : subscriptions) {
        subscription.close();
      }
    }
  }

  private final class LocalPublication implements Publication {
    private final Topic topic;
    private final Qos qos;
    private final Deque<MemorySegment> kept = new ArrayDeque<>();
    private final long number = ++publications;
    private boolean closed;

    LocalPublication(Topic topic, Qos qos) {
      this.topic = topic;
      this.qos = qos;
      topic.publications.add(this);
    }

    @Override
    public String topic() {
      return topic.name;
    }

    @Override
    public MessageType type() {
      return topic.type;
    }

    @Override
    public void publish(MemorySegment cdr, long length) {
      if (closed) {
        throw new IllegalStateException("publication of " + topic.name + " is closed");
      }
      MemorySegment message = length == cdr.byteSize() ? cdr : cdr.asSlice(0, length);
      synchronized (turn) {
        if (qos.durability() == Qos.Durability.TRANSIENT_LOCAL) {
          keep(message);
        }
        long now = clock.nanos();
        for (LocalSubscription subscription : topic.subscriptions) {
          if (qos.offers(subscription.qos)) {
            subscription.deliver(message, now, number);
          }
        }
      }
    }

    private void keep(MemorySegment message) {
      if (kept.size() == qos.depth()) {
        kept.removeFirst();
      }
      byte[] copy = new byte[Math.toIntExact(message.byteSize())];
      MemorySegment.copy(message, 0, MemorySegment.ofArray(copy), 0, copy.length);
      kept.addLast(MemorySegment.ofArray(copy));
    }

    @Override
    public int subscribers() {
      int count = 0;
      for (LocalSubscription subscription : topic.subscriptions) {
        count += qos.offers(subscription.qos) ? 1 : 0;
      }
      return count;
    }

    @Override
    public void close() {
      closed = true;
      topic.publications.remove(this);
    }
  }

  private final class LocalSubscription implements Subscription {
    private final Topic topic;
    private final Qos qos;
    private final Delivery delivery;
    private boolean closed;

    LocalSubscription(Topic topic, Qos qos, CdrHandler handler) {
      this.topic = topic;
      this.qos = qos;
      this.delivery = new Delivery(topic.name, handler);
      LocalSubscription[] before = topic.subscriptions;
      LocalSubscription[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = this;
      topic.subscriptions = after;
      if (qos.durability() == Qos.Durability.TRANSIENT_LOCAL) {
        synchronized (turn) {
          catchUp();
        }
      }
    }

    private void catchUp() {
      for (LocalPublication publication : List.copyOf(topic.publications)) {
        if (publication.qos.offers(qos)) {
          List.copyOf(publication.kept)
              .forEach(message -> deliver(message, clock.nanos(), publication.number));
        }
      }
    }

    /** While it has its turn. */
    void deliver(MemorySegment message, long receivedNanos, long publisher) {
      if (!closed) {
        delivery.deliver(message, receivedNanos, publisher);
      }
    }

    @Override
    public String topic() {
      return topic.name;
    }

    @Override
    public MessageType type() {
      return topic.type;
    }

    @Override
    public int publishers() {
      int count = 0;
      for (LocalPublication publication : topic.publications) {
        count += publication.qos.offers(qos) ? 1 : 0;
      }
      return count;
    }

    @Override
    public long received() {
      return delivery.received();
    }

    @Override
    public long refused() {
      return delivery.refused();
    }

    @Override
    public void close() {
      closed = true;
      List<LocalSubscription> rest = new ArrayList<>(List.of(topic.subscriptions));
      rest.remove(this);
      topic.subscriptions = rest.toArray(LocalSubscription[]::new);
    }
  }
}
