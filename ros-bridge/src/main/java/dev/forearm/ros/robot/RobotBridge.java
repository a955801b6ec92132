package dev.forearm.ros.robot;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.policy.Source.TopicField;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.Topics;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalSlot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Connects one robot's topics with the runtime's signals and commands, recording what comes in.
 * Made while setting up; its handlers then run on the transport's receive thread.
 */
public final class RobotBridge implements AutoCloseable {
  /** Asks for the least, so that it matches every publisher whatever it offers. */
  private static final Qos ANY_COMMANDER =
      new Qos(Qos.Reliability.BEST_EFFORT, Qos.Durability.VOLATILE, 1);

  private final Robot robot;
  private final RosTransport transport;
  private final Optional<EpisodeChannels> episode;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<CommandPublisher> publishers = new ArrayList<>();
  private final List<Publication> publications = new ArrayList<>();
  private final Subscription commanders;

  /**
   * Subscribes everything that the robot file names and the signals hold.
   *
   * @param signals are written by the transport's receive thread from now on
   * @param episode where incoming messages are recorded; empty: nowhere
   */
  public RobotBridge(
      Robot robot,
      RobotSignals signals,
      RosTransport transport,
      Optional<EpisodeChannels> episode) {
    this.robot = robot;
    this.transport = transport;
    this.episode = episode;
    Topics topics = robot.topics();
    receive(
        topics.jointStates(),
        JointState.TYPE,
        Qos.SENSOR_DATA,
        new JointStateReceiver(robot, signals));
    if (!robot.objects().isEmpty()) {
      ObjectsReceiver objects = new ObjectsReceiver(robot, signals);
      receive(topics.objectNames(), String.TYPE, Qos.LATCHED, objects::receiveNames);
      receive(topics.objects(), PoseArray.TYPE, Qos.SENSOR_DATA, objects::receivePoses);
    }
    for (java.lang.String image : topics.images()) {
      receive(image, Image.TYPE, Qos.SENSOR_DATA, new ImageReceiver(image));
    }
    Map<java.lang.String, Map<TopicField, SignalSlot>> fields = new LinkedHashMap<>();
    signals
        .fields()
        .forEach((field, slot) ->
            fields.computeIfAbsent(field.topic(), _ -> new LinkedHashMap<>()).put(field, slot));
    fields.forEach((topic, wanted) -> {
      FieldsReceiver receiver = new FieldsReceiver(wanted);
      receive(topic, receiver.type(), Qos.SENSOR_DATA, receiver);
    });
    // Only to count who else commands this robot: DDS tells a subscription, not a publication.
    commanders =
        transport.subscribe(
            CommandEncoder.topic(robot),
            CommandEncoder.type(robot),
            ANY_COMMANDER,
            (cdr, receivedNanos) -> {});
  }

  /** Commands leave at once, on the caller's thread: for lockstep runs, where nobody waits. */
  public CommandSink inlineCommands() {
    Publication publication = advertiseCommands();
    CommandEncoder encoder = new CommandEncoder(robot);
    return (positions, stampNanos) -> publication.publish(encoder.encode(positions));
  }

  /** Commands leave on a thread of their own: for real time. */
  public CommandPublisher commandPublisher() {
    CommandPublisher publisher = new CommandPublisher(robot, advertiseCommands());
    publishers.add(publisher);
    return publisher;
  }

  /**
   * As {@link #commandPublisher}, for rehearsals: its commands go nowhere. The caller closes it.
   */
  public CommandPublisher rehearsedCommands() {
    return new CommandPublisher(robot, new Nowhere(CommandEncoder.type(robot)));
  }

  /** Records one more topic as it comes in, for example a simulator's task state. */
  public Subscription record(java.lang.String topic, MessageType type, Qos qos) {
    return receive(topic, type, qos, (cdr, receivedNanos) -> 0);
  }

  /** Joints of a command. */
  public int joints() {
    return robot.jointCount();
  }

  /** Publishers on the command topic, this process included: more than one is a fault. */
  public int commanders() {
    return commanders.publishers();
  }

  /** What was received and refused, by topic, for reports. */
  public List<Subscription> subscriptions() {
    return List.copyOf(subscriptions);
  }

  /** Ends subscriptions and publications; the transport stays open. */
  @Override
  public void close() {
    publishers.forEach(CommandPublisher::close);
    publications.forEach(Publication::close);
    subscriptions.forEach(Subscription::close);
    commanders.close();
  }

  /** Publishes nothing. */
  private record Nowhere(MessageType type) implements Publication {
    @Override
    public java.lang.String topic() {
      return "";
    }

    @Override
    public void publish(MemorySegment cdr, long length) {}

    @Override
    public int subscribers() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private Publication advertiseCommands() {
    Publication publication =
        transport.advertise(CommandEncoder.topic(robot), CommandEncoder.type(robot), Qos.COMMAND);
    publications.add(publication);
    return publication;
  }

  private Subscription receive(
      java.lang.String topic, MessageType type, Qos qos, Receiver receiver) {
    boolean recorded = subscriptions.stream().anyMatch(other -> other.topic().equals(topic));
    CdrHandler handler =
        episode.isPresent() && !recorded
            ? episode.get().recording(topic, type, qos, receiver)
            : receiver::receive;
    Subscription subscription = transport.subscribe(topic, type, qos, handler);
    subscriptions.add(subscription);
    return subscription;
  }
}
