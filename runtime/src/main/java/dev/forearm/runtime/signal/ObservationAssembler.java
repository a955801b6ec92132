package dev.forearm.runtime.signal;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.ObservationVerdict.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the latest signals together into the observation a policy asks for. A signal that is
 * missing, stale or not a number is named in the verdict, and nothing is assembled from it: no
 * inference is ever run on half an observation, and none waits for one. Owned by the inference
 * thread; {@link #assemble} does not allocate.
 */
public final class ObservationAssembler {
  /** What a feature is made of, resolved once from {@link Feature#source()}. */
  private sealed interface Source {
    record JointPosition() implements Source {}

    record JointVelocity() implements Source {}

    record ToolPosition() implements Source {}

    record ToolRotation() implements Source {}

    record ObjectPosition(SignalReading pose) implements Source {}

    record ObjectRotation(SignalReading pose) implements Source {}
  }

  private static final int POSITION = 3;
  private static final int ROTATION = 6;

  private final int joints;
  private final long staleAfterNanos;
  private final SerialChain chain;
  private final double[] toolPose = new double[RobotSignals.POSE_WIDTH];
  private final SignalReading jointState;
  private final Source[] sources;
  private final SignalSlot[] slots; // every signal read, once
  private final SignalReading[] readings;
  private final ObservationVerdict verdict = new ObservationVerdict();

  /**
   * Checks that the robot can feed the policy.
   *
   * @throws RuntimeFault if a feature's source, size or joint order does not fit the robot
   */
  public ObservationAssembler(PolicySpec spec, Robot robot, RobotSignals signals) {
    if (!spec.joints().equals(robot.jointNames())) {
      throw new RuntimeFault(
          "fitting the policy to robot '%s': the policy's joints are %s, the robot's %s"
              .formatted(robot.name(), spec.joints(), robot.jointNames()));
    }
    joints = robot.jointCount();
    staleAfterNanos = robot.timeouts().observationNanos();
    chain = new SerialChain(robot);
    jointState = new SignalReading(2 * joints);
    Map<SignalSlot, SignalReading> read = new LinkedHashMap<>();
    read.put(signals.jointState(), jointState);
    List<Source> resolved = new ArrayList<>();
    for (Feature feature : spec.observation()) {
      resolved.add(resolve(feature, robot, signals, read));
    }
    sources = resolved.toArray(Source[]::new);
    slots = read.keySet().toArray(SignalSlot[]::new);
    readings = read.values().toArray(SignalReading[]::new);
  }

  /**
   * Assembles an observation from the newest signals.
   *
   * @param now on the runtime's clock, nanoseconds
   * @param observation filled, physical units, if the verdict is ready; otherwise unchanged
   * @return this assembler's own verdict, overwritten by the next call
   */
  public ObservationVerdict assemble(long now, Observation observation) {
    readSignals(now);
    if (verdict.ready()) {
      chain.toolPose(jointState.values, toolPose);
      int offset = 0;
      for (Source source : sources) {
        offset = write(source, observation.values(), offset);
      }
      observation.stampNanos(now);
    }
    return verdict;
  }

  private void readSignals(long now) {
    long oldest = 0;
    for (int i = 0; i < slots.length; i++) {
      SignalSlot slot = slots[i];
      SignalReading reading = readings[i];
      if (!slot.read(reading)) {
        verdict.set(Kind.MISSING, slot.name(), 0);
        return;
      }
      long age = now - reading.receivedNanos();
      if (age > staleAfterNanos) {
        verdict.set(Kind.STALE, slot.name(), age);
        return;
      }
      if (!finite(reading.values)) {
        verdict.set(Kind.NOT_FINITE, slot.name(), age);
        return;
      }
      oldest = Math.max(oldest, age);
    }
    verdict.set(Kind.READY, "", oldest);
  }

  private int write(Source source, float[] values, int offset) {
    return switch (source) {
      case Source.JointPosition _ -> copy(jointState.values, 0, joints, values, offset);
      case Source.JointVelocity _ -> copy(jointState.values, joints, joints, values, offset);
      case Source.ToolPosition _ -> copy(toolPose, 0, POSITION, values, offset);
      case Source.ToolRotation _ -> rotation(toolPose, values, offset);
      case Source.ObjectPosition object -> copy(object.pose.values, 0, POSITION, values, offset);
      case Source.ObjectRotation object -> rotation(object.pose.values, values, offset);
    };
  }

  private static int copy(double[] from, int start, int count, float[] to, int offset) {
    for (int i = 0; i < count; i++) {
      to[offset + i] = (float) from[start + i];
    }
    return offset + count;
  }

  private static int rotation(double[] pose, float[] to, int offset) {
    Rotations.firstTwoColumns(pose, POSITION, to, offset);
    return offset + ROTATION;
  }

  private static boolean finite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static Source resolve(
      Feature feature, Robot robot, RobotSignals signals, Map<SignalSlot, SignalReading> read) {
    String[] source = feature.source().split(":", 2);
    String kind = source[0];
    String object = source.length == 2 ? source[1] : "";
    return switch (kind) {
      case "joint_position" -> sized(feature, robot.jointCount(), new Source.JointPosition());
      case "joint_velocity" -> sized(feature, robot.jointCount(), new Source.JointVelocity());
      case "tool_position" -> sized(feature, POSITION, new Source.ToolPosition());
      case "tool_rotation" -> sized(feature, ROTATION, new Source.ToolRotation());
      case "object_position" ->
          sized(feature, POSITION, new Source.ObjectPosition(pose(feature, object, signals, read)));
      case "object_rotation" ->
          sized(feature, ROTATION, new Source.ObjectRotation(pose(feature, object, signals, read)));
      default ->
          throw new RuntimeFault(
              ("fitting feature '%s' to robot '%s': found source '%s', wanted joint_position,"
                      + " joint_velocity, tool_position, tool_rotation, object_position:NAME or"
                      + " object_rotation:NAME")
                  .formatted(feature.name(), robot.name(), feature.source()));
    };
  }

  private static Source sized(Feature feature, int size, Source source) {
    if (feature.size() != size) {
      throw new RuntimeFault(
          "fitting feature '%s': found size %s, but its source %s has %s values"
              .formatted(feature.name(), feature.size(), feature.source(), size));
    }
    return source;
  }

  private static SignalReading pose(
      Feature feature, String object, RobotSignals signals, Map<SignalSlot, SignalReading> read) {
    if (!signals.observes(object)) {
      throw new RuntimeFault(
          "fitting feature '%s': object '%s' is not in the robot file's objects %s"
              .formatted(
                  feature.name(),
                  object,
                  signals.objects().stream().map(SignalSlot::name).toList()));
    }
    return read.computeIfAbsent(
        signals.object(object), _ -> new SignalReading(RobotSignals.POSE_WIDTH));
  }
}
