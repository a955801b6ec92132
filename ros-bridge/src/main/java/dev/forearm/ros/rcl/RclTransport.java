package dev.forearm.ros.rcl;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.ReceiveAgent;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.TopicNames;
import dev.forearm.ros.rcl.ffi.Rcl;
import dev.forearm.ros.rcl.ffi.RclContext;
import dev.forearm.ros.rcl.ffi.RclEndpoint;
import dev.forearm.ros.rcl.ffi.RclNode;
import dev.forearm.ros.rcl.ffi.RosInstallation;
import dev.forearm.runtime.agent.AgentRunner;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.clock.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ROS 2 topics and services by way of the sourced ROS 2's rcl, and of whatever middleware that
 * uses. Set up and closed by one thread; its own receive thread calls the handlers, another one
 * those of services.
 */
public final class RclTransport implements RosTransport {
  private final RosInstallation installation;
  private final TopicNames names;
  private final Clock clock;
  private final RclContext context;
  private final RclNode node;
  private final RclWaitSet waitSet;
  private final GraphWatch graph;
  private final AgentRunner receiver;
  private final AgentRunner watcher;
  private final RclWaitSet services;
  private final FailureHandler failures;
  private @Nullable AgentRunner server; // with the first service
  private final List<Publication> publications = new ArrayList<>();
  private boolean closed;

  /**
   * Joins the ROS graph and starts the receive thread.
   *
   * @param clock stamps arrivals
   * @param failures hears of it if no topic of this transport is heard any more
   * @throws dev.forearm.ros.RosFault if no ROS 2 that is known is sourced, or rcl refuses
   */
  public RclTransport(RclOptions options, Clock clock, FailureHandler failures) {
    this.clock = clock;
    this.failures = failures;
    names = new TopicNames(options.node().namespace());
    installation = Rcl.load();
    context = new RclContext(options.domain(), options.thisMachineOnly(), options.enclave());
    try {
      node = context.node(options.node());
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
    waitSet = new RclWaitSet(context);
    services = new RclWaitSet(context);
    graph = new GraphWatch(context, node);
    receiver = start("receive", waitSet, failures);
    watcher = WakefulRunner.start(graph, Rest.insideTheTurn(graph::wakeUp), failures);
  }

  @Override
  public Publication advertise(String topic, MessageType type, Qos qos) {
    String resolved = names.resolve(topic);
    Publication publication =
        new RclPublication(resolved, type, node.publisher(resolved, type, qos));
    publications.add(publication);
    graph.addPublication(resolved, type, qos);
    return publication;
  }

  @Override
  public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
    String resolved = names.resolve(topic);
    RclSubscription subscription =
        new RclSubscription(
            resolved, type, node.subscriber(resolved, type, qos), waitSet, handler, clock);
    waitSet.attach(subscription);
    graph.addSubscription(resolved, type, qos);
    return subscription;
  }

  @Override
  public <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    String resolved = names.resolve(service);
    return served(new RclServer<>(resolved, type, node.service(resolved, type), services, handler));
  }

  @Override
  public <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    String resolved = names.resolve(service);
    return served(new RclServiceClient<>(resolved, type, node.client(resolved, type), services));
  }

  private <S extends RclSource> S served(S source) {
    services.attach(source);
    if (server == null) {
      server = start("services", services, failures);
    }
    return source;
  }

  private static AgentRunner start(String name, RclWaitSet waitSet, FailureHandler failures) {
    return WakefulRunner.start(
        new ReceiveAgent(name, waitSet), Rest.insideTheTurn(waitSet::wakeUp), failures);
  }

  @Override
  public List<Endpoint> endpoints(Endpoint.Role role, String topic) {
    List<RclEndpoint> found =
        switch (role) {
          case PUBLISHER -> node.publishersOf(topic);
          case SUBSCRIBER -> node.subscribersOf(topic);
        };
    return found.stream()
        .map(each ->
            new Endpoint(
                role,
                each.node(),
                topic,
                each.type(),
                each.qos().reliability(),
                each.qos().durability()))
        .toList();
  }

  @Override
  public String description() {
    return "%s, %s, ROS domain %s".formatted(installation, Rcl.middleware(), context.domain());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      receiver.close();
      watcher.close();
      if (server != null) {
        server.close();
      }
      if (receiver.alive() || watcher.alive() || (server != null && server.alive())) {
        return; // a handler that hangs may yet use what rcl made: rather leave that than free it
      }
      publications.forEach(Publication::close);
      waitSet.close();
      services.close();
      graph.close();
      node.close();
      context.close();
    }
  }
}
