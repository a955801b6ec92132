package dev.forearm.ros.robot;

import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads what each joint was commanded and what it did from an episode's raw messages. */
public final class MotionReader {
  private final Robot robot;
  private final Map<String, SentCommands> commands = new LinkedHashMap<>(); // by topic
  private final Map<String, NavigableMap<Long, Double>> positions = new LinkedHashMap<>();

  private MotionReader(Robot robot) {
    this.robot = robot;
    for (JointGroup group : robot.groups()) {
      commands.put(group.command().recordedTopic(), new SentCommands(robot, group));
    }
    robot.jointNames().forEach(joint -> positions.put(joint, new TreeMap<>()));
  }

  /**
   * Reads one episode, whoever recorded it.
   *
   * @param robot whose topics and joints these are
   * @return one motion for each joint, in command order
   * @throws RuntimeFault if the file is missing, unfinished or damaged, or lacks commands or
   *     positions of a joint
   */
  public static List<JointMotion> read(Path file, Robot robot) {
    MotionReader motions = new MotionReader(robot);
    try (McapReader reader = McapReader.open(file)) {
      reader.read(
          motions.topics(),
          (channel, _, logNanos, stampNanos, payload) ->
              motions.take(channel.topic(), logNanos, stampNanos, copy(payload)));
    }
    return motions.byJoint(file);
  }

  /**
   * Reads episodes, by the names of their files.
   *
   * @param odd told why one cannot be read, which is then left out
   */
  public static Map<String, List<JointMotion>> readEach(
      List<Path> files, Robot robot, Consumer<RuntimeFault> odd) {
    Map<String, List<JointMotion>> motions = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        motions.put(String.valueOf(file.getFileName()), read(file, robot));
      } catch (RuntimeFault fault) {
        odd.accept(fault);
      }
    }
    return motions;
  }

  private Set<String> topics() {
    Set<String> topics = new HashSet<>(commands.keySet());
    robot.groups().forEach(group -> topics.add(group.states()));
    return topics;
  }

  private void take(String topic, long logNanos, long stampNanos, MemorySegment cdr) {
    SentCommands group = commands.get(topic);
    if (group != null) {
      group.sent().put(logNanos, group.decode(cdr));
      return;
    }
    JointState state = JointState.decode(cdr);
    long nanos = measuredNanos(logNanos, stampNanos);
    for (int i = 0; i < Math.min(state.name().size(), state.position().length); i++) {
      NavigableMap<Long, Double> joint = positions.get(state.name().get(i));
      if (joint != null) {
        joint.put(nanos, state.position()[i]);
      }
    }
  }

  /** Its own stamp where that can be of the recorder's clock, else when it arrived. */
  private long measuredNanos(long logNanos, long stampNanos) {
    long ageNanos = logNanos - stampNanos;
    return ageNanos >= 0 && ageNanos <= robot.timeouts().observationNanos() ? stampNanos : logNanos;
  }

  private List<JointMotion> byJoint(Path file) {
    List<JointMotion> motions = new ArrayList<>();
    for (JointGroup group : robot.groups()) {
      NavigableMap<Long, double[]> sent =
          Objects.requireNonNull(commands.get(group.command().recordedTopic())).sent();
      for (int i = 0; i < group.joints().size(); i++) {
        int place = i;
        NavigableMap<Long, Double> measured =
            Objects.requireNonNull(positions.get(group.joints().get(i)));
        motions.add(
            new JointMotion(
                group.joints().get(i),
                nanos(sent),
                sent.values().stream().mapToDouble(values -> values[place]).toArray(),
                nanos(measured),
                measured.values().stream().mapToDouble(Double::doubleValue).toArray()));
      }
    }
    for (JointMotion motion : motions) {
      if (motion.commands().length == 0 || motion.positions().length == 0) {
        throw new RuntimeFault(
            "read motion of %s: joint '%s' has %s commands and %s positions, wanted some of each; leave the file out"
                .formatted(
                    file, motion.joint(), motion.commands().length, motion.positions().length));
      }
    }
    motions.sort((a, b) -> robot.jointIndex(a.joint()) - robot.jointIndex(b.joint()));
    return motions;
  }

  private static long[] nanos(NavigableMap<Long, ?> series) {
    return series.keySet().stream().mapToLong(Long::longValue).toArray();
  }

  private static MemorySegment copy(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
