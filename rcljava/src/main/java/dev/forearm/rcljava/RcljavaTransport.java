package dev.forearm.rcljava;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.TopicNames;
import dev.forearm.runtime.agent.AgentRunner;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.clock.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ros2.rcljava.RCLJava;
import org.ros2.rcljava.graph.EndpointInfo;
import org.ros2.rcljava.interfaces.Disposable;
import org.ros2.rcljava.interfaces.MessageDefinition;
import org.ros2.rcljava.node.Node;
import org.ros2.rcljava.node.NodeOptions;
import org.ros2.rcljava.qos.QoSProfile;
import org.ros2.rcljava.qos.policies.Durability;
import org.ros2.rcljava.qos.policies.History;
import org.ros2.rcljava.qos.policies.Reliability;

/**
 * ROS 2 topics by way of rcljava; no services. Set up and closed by one thread; its own receive
 * thread calls the handlers. Each message is copied into an object of its class or out of one, and
 * publishers are not told apart, for rcljava does not say whose a message is.
 */
final class RcljavaTransport implements RosTransport {
  private static final long REST_NANOS = 10_000_000;
  private static int open; // with the class's lock

  private final TopicNames names;
  private final Clock clock;
  private final Node node;
  private final Spinner spinner;
  private final AgentRunner receiver;
  private final Map<String, MessageMapping<?>> mappings = new HashMap<>();
  private boolean closed;

  /**
   * Joins the ROS graph as the environment says and starts the receive thread.
   *
   * @param clock stamps arrivals
   * @param failures hears of it if no topic of this transport is heard any more
   * @throws dev.forearm.ros.RosFault if rcljava's native half is missing, or it refuses
   */
  RcljavaTransport(NodeName name, Clock clock, FailureHandler failures) {
    this.clock = clock;
    names = new TopicNames(name.namespace());
    Natives.load();
    node = Natives.calling("making node " + name, () -> join(name));
    spinner = new Spinner(node);
    receiver = WakefulRunner.start(spinner, Rest.forNanos(REST_NANOS), failures);
  }

  /** The log goes by our own publication on /rosout, and arguments are read here. */
  private static synchronized Node join(NodeName name) {
    RCLJava.rclJavaInit();
    NodeOptions options = new NodeOptions().setEnableRosout(false).setUseGlobalArguments(false);
    Node node =
        RCLJava.createNode(name.name(), name.namespace(), RCLJava.getDefaultContext(), options);
    open++;
    return node;
  }

  /** A process has one context, which the last node takes with it. */
  private static synchronized void leave(Node node) {
    node.dispose();
    if (--open == 0) {
      RCLJava.shutdown();
    }
  }

  private <R> R using(String operation, Supplier<R> use) {
    return Natives.calling(operation, () -> spinner.between(use));
  }

  private MessageMapping<?> mapping(MessageType type) {
    return mappings.computeIfAbsent(type.name(), _ -> MessageMapping.of(type));
  }

  @Override
  public Publication advertise(String topic, MessageType type, Qos qos) {
    return advertise(names.resolve(topic), type, mapping(type), qos);
  }

  private <T extends MessageDefinition> Publication advertise(
      String topic, MessageType type, MessageMapping<T> mapping, Qos qos) {
    return new RcljavaPublication<>(
        topic,
        type,
        mapping,
        using(
            "publishing " + topic,
            () -> node.createPublisher(mapping.javaClass(), topic, profile(qos))),
        this);
  }

  @Override
  public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
    return subscribe(names.resolve(topic), type, mapping(type), qos, handler);
  }

  private <T extends MessageDefinition> Subscription subscribe(
      String topic, MessageType type, MessageMapping<T> mapping, Qos qos, CdrHandler handler) {
    return new RcljavaSubscription<>(
        topic,
        type,
        mapping,
        handler,
        clock,
        this,
        taker ->
            using(
                "subscribing " + topic,
                () -> node.createSubscription(mapping.javaClass(), topic, taker, profile(qos))));
  }

  /** A duration of zero says nothing. */
  private static QoSProfile profile(Qos qos) {
    Reliability reliability =
        switch (qos.reliability()) {
          case BEST_EFFORT -> Reliability.BEST_EFFORT;
          case RELIABLE -> Reliability.RELIABLE;
        };
    Durability durability =
        switch (qos.durability()) {
          case VOLATILE -> Durability.VOLATILE;
          case TRANSIENT_LOCAL -> Durability.TRANSIENT_LOCAL;
        };
    return new QoSProfile(History.KEEP_LAST, qos.depth(), reliability, durability, false)
        .setDeadline(duration(qos.timing().deadlineNanos()))
        .setLifespan(duration(qos.timing().lifespanNanos()))
        .setLivelinessLeaseDuration(duration(qos.timing().leaseNanos()));
  }

  private static Duration duration(long nanos) {
    return nanos == Qos.Timing.WITHOUT_LIMIT ? Duration.ZERO : Duration.ofNanos(nanos);
  }

  @Override
  public List<Endpoint> endpoints(Endpoint.Role role, String topic) {
    Collection<EndpointInfo> found =
        using(
            "asking for the ends of " + topic,
            () ->
                switch (role) {
                  case PUBLISHER -> node.getPublishersInfo(topic);
                  case SUBSCRIBER -> node.getSubscriptionsInfo(topic);
                });
    return found.stream().map(each -> endpoint(role, topic, each)).toList();
  }

  private static Endpoint endpoint(Endpoint.Role role, String topic, EndpointInfo info) {
    String namespace = info.nodeNamespace;
    return new Endpoint(
        role,
        namespace.endsWith("/") ? namespace + info.nodeName : namespace + "/" + info.nodeName,
        topic,
        info.topicType,
        info.qos.getReliability() == Reliability.BEST_EFFORT
            ? Qos.Reliability.BEST_EFFORT
            : Qos.Reliability.RELIABLE,
        info.qos.getDurability() == Durability.TRANSIENT_LOCAL
            ? Qos.Durability.TRANSIENT_LOCAL
            : Qos.Durability.VOLATILE);
  }

  /** Ends what the node has. */
  void dispose(Disposable part) {
    if (!closed) {
      boolean _ =
          using(
              "closing an end of a topic",
              () -> {
                part.dispose();
                return true;
              });
    }
  }

  @Override
  public String description() {
    String domain = System.getenv().getOrDefault("ROS_DOMAIN_ID", "0");
    return "rcljava, %s, ROS domain %s".formatted(RCLJava.getRMWIdentifier(), domain);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      receiver.close();
      if (receiver.alive()) {
        return; // a handler that hangs may yet use the node: rather leave that than free it
      }
      leave(node);
    }
  }
}
