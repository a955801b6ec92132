package dev.forearm.ros.dds;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.ReceiveAgent;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.TopicNames;
import dev.forearm.ros.dds.ffi.DdsEndpoints;
import dev.forearm.ros.dds.ffi.DdsNames;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.Ddsc;
import dev.forearm.ros.dds.ffi.DdscLibrary;
import dev.forearm.runtime.agent.AgentRunner;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.clock.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * ROS 2 topics and services over Cyclone DDS, as rmw_cyclonedds puts them there. Set up and closed
 * by one thread; its own receive thread calls the handlers, another one those of services.
 */
public final class CycloneTransport implements RosTransport {
  private final DdsOptions options;
  private final DdscLibrary library;
  private final TopicNames names;
  private final DomainLease domain;
  private final DdsParticipant participant;
  private final Clock clock;
  private final CycloneWaitSet waitSet;
  private final EndpointWatch publishers;
  private final EndpointWatch subscribers;
  private final NodeGraph graph;
  private final AgentRunner receiver;
  private final CycloneServices services;
  private boolean closed;

  /**
   * Joins the ROS domain and starts the receive thread.
   *
   * @param clock stamps arrivals
   * @param failures hears of it if no topic of this transport is heard any more
   * @throws RosFault if there is no usable Cyclone DDS library or the domain cannot be joined
   */
  public CycloneTransport(DdsOptions options, Clock clock, FailureHandler failures) {
    this.options = options;
    this.clock = clock;
    this.names = new TopicNames(options.node().namespace());
    this.library = Ddsc.load();
    this.domain = DomainLease.of(options);
    try {
      this.participant =
          new DdsParticipant(
              options.domain(),
              options.enclave().name(),
              SecurityProperties.of(options.enclave(), library));
    } catch (RosFault e) {
      domain.close();
      throw DomainLease.refused(e, options);
    }
    waitSet = new CycloneWaitSet(participant);
    graph = new NodeGraph(participant, options.node());
    publishers = new EndpointWatch(participant, DdsEndpoints.Kind.WRITERS, graph::writerLeft);
    subscribers = new EndpointWatch(participant, DdsEndpoints.Kind.READERS, _ -> {});
    waitSet.attach(publishers);
    waitSet.attach(subscribers);
    waitSet.attach(graph);
    receiver =
        WakefulRunner.start(
            new ReceiveAgent("receive", waitSet), Rest.insideTheTurn(waitSet::wakeUp), failures);
    services = new CycloneServices(participant, graph, failures);
  }

  @Override
  public Publication advertise(String topic, MessageType type, Qos qos) {
    String resolved = names.resolve(topic);
    Publication publication =
        new CyclonePublication(
            resolved, type, participant.writer(DdsNames.topic(resolved), type, qos), graph);
    subscribers.known().add(resolved, type, qos);
    return publication;
  }

  @Override
  public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
    String resolved = names.resolve(topic);
    CycloneSubscription subscription =
        new CycloneSubscription(
            resolved,
            type,
            participant.reader(DdsNames.topic(resolved), type, qos),
            handler,
            clock,
            graph);
    waitSet.attach(subscription);
    publishers.known().add(resolved, type, qos);
    return subscription;
  }

  @Override
  public List<Endpoint> endpoints() {
    return Stream.concat(
            found(publishers, Endpoint.Role.PUBLISHER),
            found(subscribers, Endpoint.Role.SUBSCRIBER))
        .toList();
  }

  private Stream<Endpoint> found(EndpointWatch watch, Endpoint.Role role) {
    return watch.known().found().stream()
        .map(each ->
            new Endpoint(
                role,
                graph.nameOf(each),
                DdsNames.rosTopic(each.topic()),
                DdsNames.rosType(each.type()),
                each.qos().reliability(),
                each.qos().durability()));
  }

  @Override
  public <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    String resolved = names.resolve(service);
    publishers.known().addService(resolved);
    return services.serve(resolved, type, handler);
  }

  @Override
  public <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    return services.client(names.resolve(service), type);
  }

  @Override
  public String description() {
    return "Cyclone DDS %s (%s), ROS domain %s, interface %s%s"
        .formatted(
            library.version(),
            library.file(),
            options.domain(),
            DomainLease.interfaceName(options),
            options.enclave().keys().map(keys -> ", secured by " + keys).orElse(""));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      receiver.close();
      services.close();
      graph.close();
      participant.close();
      domain.close();
    }
  }
}
