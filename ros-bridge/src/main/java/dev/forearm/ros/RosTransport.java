package dev.forearm.ros;

import java.util.List;

/**
 * A way to talk ROS 2 topics and services. Names are ROS names as an operator writes them: {@code
 * /joint_states}, or {@code joint_states} to be resolved in the transport's namespace.
 *
 * <p>Advertise, subscribe, serve and make clients while setting up, from one thread; publications
 * may then be used from the thread each belongs to.
 */
public interface RosTransport extends AutoCloseable {
  /**
   * Offers a topic.
   *
   * @throws RosFault if the transport refuses it, for example because the topic already carries
   *     another type
   */
  Publication advertise(String topic, MessageType type, Qos qos);

  /**
   * Listens to a topic.
   *
   * @param handler called on the transport's receive thread, one message at a time over all
   *     subscriptions of this transport
   * @throws RosFault if the transport refuses it
   */
  Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler);

  /**
   * The publications and subscriptions of the domain that are known so far, this transport's own
   * among them; those that are gone may still be there. Empty where a transport cannot tell.
   */
  default List<Endpoint> endpoints() {
    return List.of();
  }

  /** As {@link #endpoints()}, of one topic by its absolute name; every transport can tell those. */
  default List<Endpoint> endpoints(Endpoint.Role role, String topic) {
    return endpoints().stream()
        .filter(endpoint -> endpoint.role() == role && endpoint.topic().equals(topic))
        .toList();
  }

  /**
   * Who publishes a topic, by its absolute name, this process included: full names of nodes, or
   * what else can be said of who is no node. Empty where the transport does not know.
   */
  default List<String> publishersOf(String topic) {
    return endpoints(Endpoint.Role.PUBLISHER, topic).stream()
        .map(Endpoint::node)
        .filter(node -> !node.isEmpty())
        .toList();
  }

  /**
   * Offers a service.
   *
   * @throws RosFault if the transport refuses it, for example because it carries topics alone
   */
  default <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    throw noServices(service);
  }

  /**
   * Prepares to ask a service.
   *
   * @throws RosFault if the transport refuses it, for example because it carries topics alone
   */
  default <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    throw noServices(service);
  }

  private RosFault noServices(String service) {
    return new RosFault(
        "service %s: %s carries topics alone; choose another transport"
            .formatted(service, description()));
  }

  /** For people: what carries the messages, its version and its domain. */
  String description();

  /** Ends every publication and subscription. Handlers are not called again once it returns. */
  @Override
  void close();
}
