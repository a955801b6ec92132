package dev.forearm.runtime.signal;

import dev.forearm.runtime.robot.Robot;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All signals of one robot: {@code joint_state} (2n values: positions, then velocities, in command
 * order; as old as the joint that was heard of least recently) and {@code object:NAME} (x y z in m,
 * qw qx qy qz, base frame) for each observed object. Transports write them, loops read them.
 */
public final class RobotSignals {
  /** Values in an object's pose. */
  public static final int POSE_WIDTH = 7;

  private final SignalSlot jointState;
  private final JointGroupContact[] groups;
  private final Map<String, SignalSlot> objects = new LinkedHashMap<>();

  public RobotSignals(Robot robot) {
    jointState = new SignalSlot("joint_state", 2 * robot.jointCount());
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

  /** Whether the robot file lists this object. */
  public boolean observes(String object) {
    return objects.containsKey(object);
  }

  /** The objects' slots in the robot file's order. */
  public Collection<SignalSlot> objects() {
    return Collections.unmodifiableCollection(objects.values());
  }
}
