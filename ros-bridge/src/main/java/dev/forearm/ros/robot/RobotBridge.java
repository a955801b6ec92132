package dev.forearm.ros.robot;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.UnheardPublication;
import dev.forearm.ros.image.CompressedDecoder;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.sensor_msgs.CompressedImage;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.Int64MultiArray;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.ros.msg.tf2_msgs.TFMessage;
import dev.forearm.ros.robot.EpisodeChannels.Track;
import dev.forearm.ros.tf.TransformTopics;
import dev.forearm.runtime.episode.SpokenLabel;
import dev.forearm.runtime.policy.Source.TopicField;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.Takeover;
import dev.forearm.runtime.robot.Topics;
import dev.forearm.runtime.signal.ImageSlot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalSlot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Connects one robot's topics with the runtime's signals and commands, recording what comes in.
 * Made while setting up; its handlers then run on the transport's receive thread.
 */
public final class RobotBridge implements AutoCloseable {
  /** Asks for the least, so that it matches every publisher whatever it offers. */
  private static final Qos ANYBODY =
      new Qos(Qos.Reliability.BEST_EFFORT, Qos.Durability.VOLATILE, 1);

  private final Robot robot;
  private final JointStates joints;
  private final Optional<TransformReceiver> transforms;
  private final Optional<TakeoverReceiver> person;
  private final RosTransport transport;
  private final Optional<EpisodeChannels> episode;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<Publication> publications = new ArrayList<>();
  private final List<Subscription> commanders = new ArrayList<>();
  private final SignalSlot jointState;
  private final CommandPublisher commands;
  private final Optional<CommandGoals> goals;
  private final ForesightPublisher foresight;

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
    joints = new JointStates(robot, signals);
    Topics topics = robot.topics();
    transforms = Optional.of(new TransformReceiver()).filter(_ -> topics.transforms());
    Optional<ObjectsReceiver> objects =
        robot.objects().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new ObjectsReceiver(robot, signals, transforms.map(TransformReceiver::buffer)));
    episode.ifPresent(channels -> {
      Track starting = channels.receive(StartingSignals.TOPIC, Int64MultiArray.TYPE);
      channels.atBeginning(new StartingSignals(signals.slots(), joints, starting)::write);
    });
    transforms.ifPresent(frames -> {
      objects.ifPresent(receiver -> frames.afterEach(receiver::transformed));
      episode.ifPresent(channels -> {
        Track moving = channels.receive(TransformReceiver.STARTING_MOVING, TFMessage.TYPE);
        Track fixed = channels.receive(TransformReceiver.STARTING_STATIC, TFMessage.TYPE);
        channels.atBeginning(nanos -> {
          frames.write(moving, fixed, nanos);
          objects.ifPresent(ObjectsReceiver::forget);
        });
      });
      receive(
          TransformTopics.STATIC,
          TFMessage.TYPE,
          TransformTopics.STATIC_QOS,
          frames::receiveStatic);
      receive(
          TransformTopics.MOVING,
          TFMessage.TYPE,
          TransformTopics.MOVING_QOS,
          frames::receiveMoving);
    });
    robot.groups().stream()
        .map(JointGroup::states)
        .distinct()
        .forEach(topic ->
            receive(
                topic,
                JointState.TYPE,
                Qos.SENSOR_DATA,
                new JointStateReceiver(robot, topic, joints)));
    objects.ifPresent(receiver -> {
      receiveNames(topics.objectNames(), receiver);
      receive(topics.objects(), PoseArray.TYPE, Qos.SENSOR_DATA, receiver::receivePoses);
    });
    topics.cameras().forEach(topic -> receiveImages(topic, signals));
    Map<java.lang.String, Map<TopicField, SignalSlot>> fields = new LinkedHashMap<>();
    signals
        .fields()
        .forEach((field, slot) ->
            fields.computeIfAbsent(field.topic(), _ -> new LinkedHashMap<>()).put(field, slot));
    fields.forEach((topic, wanted) -> {
      FieldsReceiver receiver = new FieldsReceiver(wanted);
      receive(topic, receiver.type(), Qos.SENSOR_DATA, receiver);
    });
    person =
        signals
            .takeover()
            .map(slot -> new TakeoverReceiver(robot, robot.takeover().orElseThrow(), slot));
    person.ifPresent(receiver -> {
      Takeover takeover = robot.takeover().orElseThrow();
      receive(takeover.jointTargets(), JointState.TYPE, Qos.SENSOR_DATA, receiver::receiveTargets);
      receive(takeover.twist(), TwistStamped.TYPE, Qos.SENSOR_DATA, receiver::receiveTwist);
    });
    for (Topics.Recorded other : topics.recorded()) {
      if (subscriptions.stream().noneMatch(known -> known.topic().equals(other.topic()))) {
        record(other.topic(), MessageType.named(other.type()), Qos.SENSOR_DATA);
      }
    }
    Publication found =
        transport.advertise(ForesightMessage.TOPIC, Float32MultiArray.TYPE, Qos.DEFAULT);
    publications.add(found);
    foresight = new ForesightPublisher(found);
    jointState = signals.jointState();
    commands = new CommandPublisher(robot, new CommandOutput(robot, jointState, this::advertise));
    goals = CommandGoals.of(robot, commands.slot(), transport);
    for (JointGroup group : robot.groups()) {
      countCommanders(group.command());
    }
  }

  /**
   * Counts who else commands this robot: DDS tells a subscription, not a publication. What a twist
   * stands for is recorded as it is commanded, the twist itself as it is heard here.
   */
  private void countCommanders(CommandRoute route) {
    MessageType type = CommandMessages.type(route);
    switch (route) {
      case CommandRoute.Goals _ -> {}
      case CommandRoute.Positions _, CommandRoute.Trajectory _ ->
          commanders.add(transport.subscribe(route.topic(), type, ANYBODY, (cdr, nanos) -> {}));
      case CommandRoute.Twist _ ->
          commanders.add(
              transport.subscribe(
                  route.topic(),
                  type,
                  ANYBODY,
                  handler(route.topic(), type, ANYBODY, (cdr, receivedNanos, publisher) -> 0)));
    }
  }

  /** Goes on from what {@link StartingSignals} wrote of the joints. Receive thread. */
  void resume(long[] knownJoints) {
    joints.thaw(knownJoints);
  }

  /** Goes on from a value of the signal {@code takeover}. Receive thread. */
  void resumeTakeover(double[] known, long receivedNanos) {
    person.ifPresent(receiver -> receiver.resume(known, receivedNanos));
  }

  /** Takes transforms as they were recorded, or as {@link TransformReceiver#write} wrote them. */
  void takeTransforms(MemorySegment cdr, boolean isStatic) {
    transforms.ifPresent(frames -> frames.take(cdr, isStatic));
  }

  /** Where the control loop's commands leave, by the agent's turns. */
  public CommandPublisher commands() {
    return commands;
  }

  /**
   * What sends commands of joint groups that take goals, by the agent's turns; empty: none does.
   */
  public Optional<CommandGoals> goals() {
    return goals;
  }

  /** What looks on to publish how foresight does, by the agent's turns. */
  public ForesightPublisher foresight() {
    return foresight;
  }

  /** Its like for a rehearsal: encodes and publishes nowhere. */
  public CommandPublisher rehearsedCommands() {
    return new CommandPublisher(
        robot, new CommandOutput(robot, jointState, UnheardPublication::new));
  }

  /** Records one more topic as it comes in, for example a simulator's task state. */
  public Subscription record(java.lang.String topic, MessageType type, Qos qos) {
    return receive(topic, type, qos, (cdr, receivedNanos, publisher) -> 0);
  }

  /**
   * Records what people say of the running episode by {@link LabelTopic}; other words it refuses.
   */
  public Subscription recordLabels() {
    CdrHandler handler =
        handler(
            LabelTopic.RECORDED,
            String.TYPE,
            Qos.DEFAULT,
            (cdr, receivedNanos, publisher) -> {
              SpokenLabel _ = LabelTopic.decode(cdr);
              return 0;
            });
    return subscribe(LabelTopic.TOPIC, String.TYPE, Qos.DEFAULT, handler);
  }

  /**
   * Publishers on that command topic, or clients of that action, which has most, this process
   * included: more than one is a fault. Asks the transport, which for actions takes a while.
   */
  public int commanders() {
    IntStream publishers = commanders.stream().mapToInt(Subscription::publishers);
    return IntStream.concat(publishers, clients().mapToInt(List::size)).max().orElse(0);
  }

  /** Who commands now, by name where the transport knows: this process and others. */
  public List<java.lang.String> commanderNames() {
    Stream<java.lang.String> publishers =
        commanders.stream().flatMap(command -> transport.publishersOf(command.topic()).stream());
    Stream<java.lang.String> asking = clients().flatMap(List::stream).map(Endpoint::node);
    return Stream.concat(publishers, asking).filter(node -> !node.isEmpty()).distinct().toList();
  }

  private Stream<List<Endpoint>> clients() {
    return goals.stream().flatMap(sending -> sending.clients().stream());
  }

  /** What was received and refused, by topic, for reports. */
  public List<Subscription> subscriptions() {
    return List.copyOf(subscriptions);
  }

  /** Ends subscriptions and publications; the transport stays open. */
  @Override
  public void close() {
    goals.ifPresent(CommandGoals::close);
    publications.forEach(Publication::close);
    subscriptions.forEach(Subscription::close);
    commanders.forEach(Subscription::close);
  }

  private Publication advertise(java.lang.String topic, MessageType type) {
    Publication publication = transport.advertise(topic, type, Qos.COMMAND);
    publications.add(publication);
    return publication;
  }

  /**
   * Names are asked for twice: latched, for those published once, and not, for a publisher that
   * repeats them because it does not latch. What says again what is in force is left alone.
   */
  private void receiveNames(java.lang.String topic, ObjectsReceiver objects) {
    CdrHandler names = handler(topic, String.TYPE, Qos.LATCHED, objects::receiveNames);
    for (Qos qos : List.of(Qos.LATCHED, ANYBODY)) {
      subscriptions.add(
          transport.subscribe(
              topic,
              String.TYPE,
              qos,
              (cdr, receivedNanos) -> {
                if (!objects.repeatsNames(cdr)) {
                  names.onMessage(cdr, receivedNanos);
                }
              }));
    }
  }

  /** Compressed images are told by their topic's name, as image_transport gives it. */
  private void receiveImages(java.lang.String topic, RobotSignals signals) {
    List<ImageSlot> slots =
        signals.images().values().stream()
            .filter(slot -> slot.source().topic().equals(topic))
            .toList();
    Optional<CompressedDecoder> decoder = CompressedDecoder.of(topic);
    MessageType type = decoder.isPresent() ? CompressedImage.TYPE : Image.TYPE;
    Receiver receiver =
        decoder
            .<Receiver>map(each -> new CompressedImageReceiver(each, slots))
            .orElseGet(() -> new ImageReceiver(slots));
    Qos qos = Qos.SENSOR_DATA;
    CdrHandler handler =
        episode
            .filter(_ -> !slots.isEmpty())
            .map(recorder -> recorder.recordingWithPast(topic, type, qos, receiver))
            .orElseGet(() -> handler(topic, type, qos, receiver));
    subscribe(topic, type, qos, handler);
  }

  private Subscription receive(
      java.lang.String topic, MessageType type, Qos qos, Receiver receiver) {
    return subscribe(topic, type, qos, handler(topic, type, qos, receiver));
  }

  private Subscription subscribe(
      java.lang.String topic, MessageType type, Qos qos, CdrHandler handler) {
    Subscription subscription = transport.subscribe(topic, type, qos, handler);
    subscriptions.add(subscription);
    return subscription;
  }

  private CdrHandler handler(java.lang.String topic, MessageType type, Qos qos, Receiver receiver) {
    boolean recorded = subscriptions.stream().anyMatch(other -> other.topic().equals(topic));
    return episode
        .filter(_ -> !recorded)
        .map(recorder -> recorder.recording(topic, type, qos, receiver))
        .orElseGet(() -> new TopicHandler(receiver));
  }
}
