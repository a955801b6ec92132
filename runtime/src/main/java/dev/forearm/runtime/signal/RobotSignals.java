package dev.forearm.runtime.signal;

import dev.forearm.runtime.agent.Doorbell;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Source.Image;
import dev.forearm.runtime.policy.Source.TopicField;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All signals of one robot: {@code joint_state} (2n values: positions, then velocities, in command
 * order; as old as the joint that was heard of least recently), {@code joint_effort} (n values),
 * {@code object:NAME} (x y z in m, qw qx qy qz, base frame) for each observed object, {@code
 * takeover} where a person may drive ({@link TakeoverSignal}), and what else a policy asks for:
 * fields of other topics, and images. Transports write them, loops read them.
 */
public final class RobotSignals {
  /** Values in an object's pose. */
  public static final int POSE_WIDTH = 7;

  private final SignalSlot jointState;
  private final SignalSlot jointEffort;
  private final Optional<SignalSlot> takeover;
  private final Doorbell jointStateBell = Doorbell.best();
  private final JointGroupContact[] groups;
  private final Map<String, SignalSlot> objects = new LinkedHashMap<>();
  private final Map<TopicField, SignalSlot> fields = new LinkedHashMap<>();
  private final Map<Image, ImageSlot> images = new LinkedHashMap<>();

  /** Those that a robot file describes. */
  public RobotSignals(Robot robot) {
    this(robot, List.of());
  }

  /** Those that a robot file describes, and whatever else some features come from. */
  public RobotSignals(Robot robot, List<Feature> features) {
    jointState = new SignalSlot("joint_state", 2 * robot.jointCount());
    jointEffort = new SignalSlot("joint_effort", robot.jointCount());
    takeover =
        robot
            .takeover()
            .map(_ -> new SignalSlot("takeover", TakeoverSignal.width(robot.jointCount())));
    for (Feature feature : features) {
      if (feature.source() instanceof TopicField field) {
        fields.put(field, new SignalSlot(field.topic() + ":" + field.field(), field.size()));
      }
      if (feature.source() instanceof Image image) {
        images.put(image, new ImageSlot(image));
      }
    }
    groups =
        robot.groups().stream()
            .map(group -> new JointGroupContact(group.name()))
            .toArray(JointGroupContact[]::new);
    for (String name : robot.objects()) {
      objects.put(name, new SignalSlot("object:" + name, POSE_WIDTH));
    }
  }

  public SignalSlot jointState() {
    return jointState;
  }

  /** Rung when every joint was heard of anew; what a control thread may be paced by. */
  public Doorbell jointStateBell() {
    return jointStateBell;
  }

  public SignalSlot jointEffort() {
    return jointEffort;
  }

  /** What a person asks for; empty where nobody may drive. */
  public Optional<SignalSlot> takeover() {
    return takeover;
  }

  /** The slots of fields of other topics. */
  public Map<TopicField, SignalSlot> fields() {
    return Collections.unmodifiableMap(fields);
  }

  /** The slots of images. */
  public Map<Image, ImageSlot> images() {
    return Collections.unmodifiableMap(images);
  }

  /** When each joint group was last heard of, in the robot's order of groups. */
  public List<JointGroupContact> groups() {
    return List.of(groups);
  }

  /** What to blame for a stale or missing joint state: the group heard of least recently. */
  public String jointStateCulprit() {
    JointGroupContact oldest = groups[0];
    for (JointGroupContact group : groups) {
      if (group.receivedNanos() < oldest.receivedNanos()) {
        oldest = group;
      }
    }
    return oldest.culprit();
  }

  /**
   * The slot of one object.
   *
   * @throws IllegalArgumentException if the robot file does not list the object
   */
  public SignalSlot object(String name) {
    SignalSlot slot = objects.get(name);
    if (slot == null) {
      throw new IllegalArgumentException(
          "object '%s' is not observed; the robot file lists %s".formatted(name, objects.keySet()));
    }
    return slot;
  }

  /** Every slot but those of images. */
  public List<SignalSlot> slots() {
    List<SignalSlot> all = new ArrayList<>(List.of(jointState, jointEffort));
    all.addAll(objects.values());
    all.addAll(fields.values());
    takeover.ifPresent(all::add);
    return all;
  }

  /** Whether the robot file lists this object. */
  public boolean observes(String object) {
    return objects.containsKey(object);
  }

  /** The objects' slots in the robot file's order. */
  public Collection<SignalSlot> objects() {
    return Collections.unmodifiableCollection(objects.values());
  }
}
