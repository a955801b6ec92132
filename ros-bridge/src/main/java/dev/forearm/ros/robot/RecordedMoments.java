package dev.forearm.ros.robot;

import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.diagnostic_msgs.KeyValue;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of every moment of an episode, whoever recorded it: whatever topics are missing,
 * the others are there. Pictures are left in the file. Owned by one thread.
 */
public final class RecordedMoments {
  private static final java.lang.String TASK_STATE = "/sim/task_state";
  private static final Driver UNKNOWN = new Driver.Unknown();

  private final Robot robot;
  private final List<java.lang.String> joints;
  private final NavigableMap<Long, double[]> measured = new TreeMap<>();
  private final NavigableMap<Long, double[]> commands = new TreeMap<>();
  private final NavigableMap<Long, DiagnosticStatus> safety = new TreeMap<>();
  private final NavigableMap<Long, float[]> observations = new TreeMap<>();
  private final NavigableMap<Long, float[]> imaginations = new TreeMap<>();
  private final NavigableMap<Long, float[]> foresight = new TreeMap<>();
  private final NavigableMap<Long, Driver> drivers = new TreeMap<>();
  private final NavigableMap<Long, List<java.lang.String>> objectNames = new TreeMap<>();
  private final NavigableMap<Long, PoseArray> objects = new TreeMap<>();
  private final NavigableMap<Long, Moment.Task> tasks = new TreeMap<>();
  private final long startNanos;
  private final long endNanos;

  private RecordedMoments(McapReader reader, Robot robot) {
    this.robot = robot;
    joints = robot.jointNames();
    startNanos = reader.startNanos();
    endNanos = reader.endNanos();
    Map<java.lang.String, ObjLongConsumer<MemorySegment>> decoders = decoders();
    reader.read(
        decoders.keySet(),
        (channel, sequence, nanos, _, payload) -> {
          try {
            decoders.getOrDefault(channel.topic(), (_, _) -> {}).accept(copy(payload), nanos);
          } catch (RuntimeException e) {
            throw new RuntimeFault(
                "read message %s on %s: it cannot be decoded (%s); see 'forearm episodes check'"
                    .formatted(sequence, channel.topic(), e.getMessage()),
                e);
          }
        });
  }

  /**
   * Reads an episode.
   *
   * @param reader stays the caller's
   * @param robot whose topics and joints these are
   * @throws RuntimeFault if it is damaged
   */
  public static RecordedMoments read(McapReader reader, Robot robot) {
    return new RecordedMoments(reader, robot);
  }

  /** Log time of the first message. */
  public long startNanos() {
    return startNanos;
  }

  /** Log time of the last message. */
  public long endNanos() {
    return endNanos;
  }

  /** When the policy observed, which is what labels count from; empty if none did. */
  public NavigableSet<Long> steps() {
    return Collections.unmodifiableNavigableSet(observations.navigableKeySet());
  }

  /** The newest of everything at a time on the episode's clock. */
  public Moment at(long nanos) {
    Optional<DiagnosticStatus> status = newest(safety, nanos);
    float[] found = newest(foresight, nanos).orElse(new float[0]);
    return new Moment(
        nanos,
        newest(measured, nanos).filter(RecordedMoments::isWhole),
        newest(commands, nanos).filter(RecordedMoments::isWhole),
        status.map(said -> SafetyState.valueOf(value(said, "state"))),
        status.map(said -> SafetyReason.valueOf(value(said, "reason"))).orElse(SafetyReason.NONE),
        stamped(observations, nanos),
        stamped(imaginations, nanos),
        found.length > 2 ? found[2] : Double.NaN,
        found.length > 3 ? found[3] : Double.NaN,
        newest(drivers, nanos).orElse(UNKNOWN),
        objects(nanos),
        newest(tasks, nanos));
  }

  private Map<java.lang.String, ObjLongConsumer<MemorySegment>> decoders() {
    Map<java.lang.String, ObjLongConsumer<MemorySegment>> by = new HashMap<>();
    for (JointGroup group : robot.groups()) {
      by.put(group.states(), this::joints);
      SentCommands sent = new SentCommands(robot, group);
      int[] places = robot.places(group);
      by.put(
          group.command().recordedTopic(),
          (cdr, nanos) -> {
            double[] positions = sent.decode(cdr);
            double[] all = continued(commands);
            for (int i = 0; i < places.length; i++) {
              all[places[i]] = positions[i];
            }
            commands.put(nanos, all);
          });
    }
    by.put(EpisodeTap.SAFETY, (cdr, nanos) -> safety.put(nanos, DiagnosticStatus.decode(cdr)));
    by.put(
        EpisodeTap.OBSERVATION,
        (cdr, nanos) -> observations.put(nanos, Float32MultiArray.decode(cdr).data()));
    by.put(
        EpisodeTap.IMAGINATION,
        (cdr, nanos) -> imaginations.put(nanos, Float32MultiArray.decode(cdr).data()));
    by.put(
        ForesightMessage.TOPIC,
        (cdr, nanos) -> foresight.put(nanos, Float32MultiArray.decode(cdr).data()));
    by.put(
        EpisodeTap.DRIVER,
        (cdr, nanos) -> drivers.put(nanos, Driver.parse(String.decode(cdr).data())));
    by.put(
        robot.topics().objectNames(),
        (cdr, nanos) -> objectNames.put(nanos, ObjectsReceiver.listed(cdr)));
    by.put(robot.topics().objects(), (cdr, nanos) -> objects.put(nanos, PoseArray.decode(cdr)));
    by.put(TASK_STATE, (cdr, nanos) -> tasks.put(nanos, task(DiagnosticStatus.decode(cdr))));
    return by;
  }

  private void joints(MemorySegment cdr, long nanos) {
    JointState state = JointState.decode(cdr);
    double[] all = continued(measured);
    for (int i = 0; i < Math.min(state.name().size(), state.position().length); i++) {
      int joint = joints.indexOf(state.name().get(i));
      if (joint >= 0) {
        all[joint] = state.position()[i];
      }
    }
    measured.put(nanos, all);
  }

  /** What is known of all joints so far, NaN where nothing is. */
  private double[] continued(NavigableMap<Long, double[]> series) {
    if (series.isEmpty()) {
      double[] nothing = new double[robot.jointCount()];
      Arrays.fill(nothing, Double.NaN);
      return nothing;
    }
    return series.lastEntry().getValue().clone();
  }

  private Map<java.lang.String, double[]> objects(long nanos) {
    Map<java.lang.String, double[]> seen = new LinkedHashMap<>();
    List<java.lang.String> names = newest(objectNames, nanos).orElse(List.of());
    List<Pose> poses = newest(objects, nanos).map(PoseArray::poses).orElse(List.of());
    for (int i = 0; i < Math.min(names.size(), poses.size()); i++) {
      Pose pose = poses.get(i);
      seen.put(
          names.get(i),
          new double[] {
            pose.position().x(),
            pose.position().y(),
            pose.position().z(),
            pose.orientation().w(),
            pose.orientation().x(),
            pose.orientation().y(),
            pose.orientation().z()
          });
    }
    return seen;
  }

  private static Moment.Task task(DiagnosticStatus status) {
    return new Moment.Task(
        status.message(),
        Integer.parseInt(value(status, "stage")),
        Integer.parseInt(value(status, "stages")));
  }

  private static java.lang.String value(DiagnosticStatus status, java.lang.String key) {
    return status.values().stream()
        .filter(each -> each.key().equals(key))
        .map(KeyValue::value)
        .findFirst()
        .orElseThrow(() -> new RuntimeFault("it has no value '%s'".formatted(key)));
  }

  private static boolean isWhole(double[] values) {
    return Arrays.stream(values).noneMatch(Double::isNaN);
  }

  private static Optional<Moment.Stamped> stamped(NavigableMap<Long, float[]> track, long nanos) {
    return Optional.ofNullable(track.floorEntry(nanos))
        .map(entry -> new Moment.Stamped(entry.getKey(), entry.getValue()));
  }

  private static <T> Optional<T> newest(NavigableMap<Long, T> track, long nanos) {
    Map.@Nullable Entry<Long, T> entry = track.floorEntry(nanos);
    return entry == null ? Optional.empty() : Optional.of(entry.getValue());
  }

  private static MemorySegment copy(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
