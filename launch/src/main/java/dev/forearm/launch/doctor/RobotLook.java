package dev.forearm.launch.doctor;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.controller_manager_msgs.ControllerState;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Bool;
import dev.forearm.ros.msg.std_msgs.Float64;
import dev.forearm.ros.robot.CommandMessages;
import dev.forearm.ros.robot.ControllerManager;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.Hardware;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Listens to a robot and to who else does; publishes nothing, and asks what moves nothing. What the
 * driver tells is kept for {@link RobotChecks}. Made, asked and closed by one thread, written by
 * the transport's.
 */
final class RobotLook implements AutoCloseable {
  /** Matches every publisher, whatever it offers. */
  private static final Qos ANYBODY =
      new Qos(Qos.Reliability.BEST_EFFORT, Qos.Durability.VOLATILE, 10);

  private static final String DESCRIPTION = "/robot_description";

  private final RosTransport transport;
  private final Map<String, StateWatch> states = new LinkedHashMap<>();
  private final Map<String, Subscription> commands = new LinkedHashMap<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final Set<String> described = new HashSet<>(); // topics of descriptions
  private Optional<ControllerManager> manager = Optional.empty();
  private Optional<String> managerFault = Optional.empty();
  private final List<CompletableFuture<List<ControllerState>>> asked = new ArrayList<>();
  private volatile @Nullable Boolean programRunning;
  private volatile @Nullable Double speedPercent;
  private volatile @Nullable String description;

  /**
   * @param transport stays the caller's
   */
  RobotLook(Robot robot, RosTransport transport) {
    this.transport = transport;
    for (JointGroup group : robot.groups()) {
      watch(group.states());
      describe(group.states().replaceFirst("/[^/]*$", DESCRIPTION));
      String topic = group.command().topic();
      typeOf(group.command())
          .ifPresent(type ->
              commands.put(topic, listen(topic, type, ANYBODY, (cdr, receivedNanos) -> {})));
    }
    Hardware hardware = robot.hardware();
    hardware.slowStates().ifPresent(slow -> watch(slow.topic()));
    hardware
        .programRunning()
        .ifPresent(topic ->
            listen(
                topic,
                Bool.TYPE,
                Qos.LATCHED,
                (cdr, _) -> programRunning = Bool.decode(cdr).data()));
    hardware
        .speedScaling()
        .ifPresent(scaling ->
            listen(
                scaling.topic(),
                Float64.TYPE,
                ANYBODY,
                (cdr, _) -> speedPercent = Float64.decode(cdr).data()));
    describe(DESCRIPTION);
    manager = hardware.controllers().flatMap(this::managerOf);
    discover();
  }

  /** What a joint group's controller takes on a topic; empty: goals of an action. */
  static Optional<MessageType> typeOf(CommandRoute route) {
    return route instanceof CommandRoute.Goals
        ? Optional.empty()
        : Optional.of(CommandMessages.type(route));
  }

  /**
   * Listens to what was found since: other joint states, and descriptions; asks for controllers,
   * again and again, for a driver that starts loads them one after the other.
   */
  void discover() {
    manager.filter(ControllerManager::available).ifPresent(there -> asked.addFirst(there.list()));
    for (Endpoint endpoint : transport.endpoints()) {
      if (endpoint.role() != Endpoint.Role.PUBLISHER) {
        continue;
      }
      if (endpoint.type().equals(JointState.TYPE.name())) {
        watch(endpoint.topic());
      } else if (endpoint.topic().endsWith(DESCRIPTION)
          && endpoint.type().equals(dev.forearm.ros.msg.std_msgs.String.TYPE.name())) {
        describe(endpoint.topic());
      }
    }
  }

  /** All joint states that are published, by topic. */
  Map<String, StateWatch> states() {
    return states;
  }

  /** Publishers on a command topic of the robot file. */
  int commanders(String topic) {
    Subscription subscription = commands.get(topic);
    return subscription == null ? 0 : subscription.publishers();
  }

  /** What is known of a topic's other ends. */
  List<Endpoint> endpoints(Endpoint.Role role, String topic) {
    return transport.endpoints(role, topic);
  }

  /** Topics that somebody takes commands of a type on. */
  List<String> takers(MessageType type) {
    return transport.endpoints().stream()
        .filter(endpoint -> endpoint.role() == Endpoint.Role.SUBSCRIBER)
        .filter(endpoint -> endpoint.type().equals(type.name()))
        .map(Endpoint::topic)
        .distinct()
        .filter(topic -> !commands.containsKey(topic))
        .toList();
  }

  /** Whether the robot's program runs, as its driver last said. */
  Optional<Boolean> programRunning() {
    return Optional.ofNullable(programRunning);
  }

  /** At how many per cent of its speed the robot moves, as its driver last said. */
  Optional<Double> speedPercent() {
    return Optional.ofNullable(speedPercent);
  }

  /** The controllers that the robot has loaded; empty: nobody says. */
  Optional<List<ControllerState>> controllers() {
    return answer().filter(its -> !its.isCompletedExceptionally()).map(CompletableFuture::join);
  }

  /** Why the controllers that the robot has cannot be known, whoever there is to say. */
  Optional<String> controllersFault() {
    return answer()
        .filter(CompletableFuture::isCompletedExceptionally)
        .map(its -> String.valueOf(its.exceptionNow().getMessage()))
        .or(() -> managerFault);
  }

  /** The newest. */
  private Optional<CompletableFuture<List<ControllerState>>> answer() {
    return asked.stream().filter(CompletableFuture::isDone).findFirst();
  }

  /** The URDF that the driver runs with. */
  Optional<String> description() {
    return Optional.ofNullable(description);
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
    manager.ifPresent(ControllerManager::close);
  }

  /** Empty where the transport has no services, or no messages for these. */
  private Optional<ControllerManager> managerOf(Hardware.Controllers known) {
    try {
      return Optional.of(new ControllerManager(transport, known.manager()));
    } catch (RosFault refused) {
      managerFault = Optional.of(String.valueOf(refused.getMessage()));
      return Optional.empty();
    }
  }

  private void describe(String topic) {
    if (described.add(topic)) {
      listen(
          topic,
          dev.forearm.ros.msg.std_msgs.String.TYPE,
          Qos.LATCHED,
          (cdr, _) -> description = dev.forearm.ros.msg.std_msgs.String.decode(cdr).data());
    }
  }

  private void watch(String topic) {
    if (!states.containsKey(topic)) {
      StateWatch watch = new StateWatch();
      states.put(topic, watch);
      listen(topic, JointState.TYPE, ANYBODY, watch);
    }
  }

  private Subscription listen(String topic, MessageType type, Qos qos, CdrHandler handler) {
    Subscription subscription = transport.subscribe(topic, type, qos, handler);
    subscriptions.add(subscription);
    return subscription;
  }
}
