package dev.forearm.ros.node;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import dev.forearm.ros.parameter.ParameterServices;
import dev.forearm.ros.parameter.Parameters;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.WakefulRunner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * This program as one ROS 2 node. It carries topics and services as its transport does, under the
 * names that {@code --ros-args} gives them; {@code ~/} stands for the node's own name. A program
 * has one node, on the transport that was opened with its name.
 */
public final class Node implements RosTransport {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final String USE_SIM_TIME = "use_sim_time";
  private static final long REST_NANOS = 10_000_000;

  private final RosTransport transport;
  private final NodeName name;
  private final Names names;
  private final QosOverrides qos;
  private final Parameters parameters;
  private final NodeClock clock;
  private final NodeAgent agent = new NodeAgent();
  private final Optional<Rosout> rosout;
  private final Optional<Level> logLevel;
  private final ParameterServices services;
  private final WakefulRunner runner;

  /**
   * Makes the program that node.
   *
   * @param transport opened under {@code name}; closed with this
   * @param name after {@link RosArguments#name}
   * @param failures hears of it if the node's thread ends
   * @throws dev.forearm.ros.RosFault if an argument is refused
   */
  public Node(
      RosTransport transport, NodeName name, RosArguments arguments, FailureHandler failures) {
    this.transport = transport;
    this.name = name;
    names = new Names(name, arguments.remaps());
    Map<String, ParameterValue> given = arguments.parametersOf(name);
    qos = QosOverrides.takenFrom(given);
    parameters = new Parameters(given);
    clock = new NodeClock(this);
    clock.simulate(
        parameters.declare(
            USE_SIM_TIME, "Stamp messages with the time of /clock.", false, clock::simulate));
    logLevel = arguments.logLevelOf(name);
    rosout =
        arguments.rosout() ? Optional.of(new Rosout(optional(), agent, clock)) : Optional.empty();
    services = new ParameterServices(optional(), parameters, name.toString(), clock::now);
    runner = WakefulRunner.start(agent, Rest.forNanos(REST_NANOS), failures);
  }

  public NodeName name() {
    return name;
  }

  /** Declare while setting up; then call {@link #ready}. */
  public Parameters parameters() {
    return parameters;
  }

  /** What messages are stamped with. */
  public NodeClock clock() {
    return clock;
  }

  /** Where log messages go; empty if the command line wants none there. */
  public Optional<Rosout> rosout() {
    return rosout;
  }

  /** How much to log; empty if the command line does not say. */
  public Optional<Level> logLevel() {
    return logLevel;
  }

  /** For what the program can do without: what the transport refuses is told of, no more. */
  public RosTransport optional() {
    return new OptionalTransport(this);
  }

  /** What is done now and then, until it is closed. */
  public interface Repetition extends AutoCloseable {
    /** It is not under way any more once this returns. */
    @Override
    void close();
  }

  /** Publishes now and then, on the node's own thread; the period is asked for anew each time. */
  public Repetition every(LongSupplier periodNanos, Runnable publish) {
    return agent.every(periodNanos, publish);
  }

  /** Tells which parameters were given from outside and do not exist. */
  public void ready() {
    Set<String> unknown = parameters.unknownOverrides();
    if (!unknown.isEmpty()) {
      LOG.warn("{}: parameters {} were given and do not exist; correct their names", name, unknown);
    }
  }

  /** The absolute name of a topic or service as this node means it. */
  public String resolve(String topic) {
    return names.resolve(topic);
  }

  @Override
  public Publication advertise(String topic, MessageType type, Qos wanted) {
    String resolved = resolve(topic);
    return transport.advertise(resolved, type, qos.ofPublisher(resolved, wanted));
  }

  @Override
  public Subscription subscribe(String topic, MessageType type, Qos wanted, CdrHandler handler) {
    String resolved = resolve(topic);
    return transport.subscribe(resolved, type, qos.ofSubscription(resolved, wanted), handler);
  }

  @Override
  public <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    return transport.serve(resolve(service), type, handler);
  }

  @Override
  public <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    return transport.client(resolve(service), type);
  }

  @Override
  public List<Endpoint> endpoints() {
    return transport.endpoints();
  }

  @Override
  public List<Endpoint> endpoints(Endpoint.Role role, String topic) {
    return transport.endpoints(role, resolve(topic));
  }

  @Override
  public String description() {
    return transport.description() + ", node " + name;
  }

  @Override
  public void close() {
    services.close();
    runner.close();
    transport.close();
  }
}
