package dev.forearm.runtime.signal;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.ImageTensor;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.ChunkOrigin;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.ObservationVerdict.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the latest signals together into the observation a policy asks for. A signal that is
 * missing, stale or not a number is named in the verdict, and nothing is assembled from it: no
 * inference is ever run on half an observation, and none waits for one. Owned by the inference
 * thread; {@link #assemble} does not allocate.
 */
public final class ObservationAssembler implements ObservationInputs {
  /**
   * What a feature is made of, resolved once from its {@link Source}.
   *
   * @param signal to blame
   * @param reading its copy; null: the tool's pose is worked out from it
   * @param rotation whether a pose's rotation is to become two columns of a matrix
   */
  private record Part(
      SignalSlot signal, @Nullable SignalReading reading, int start, int count, boolean rotation) {}

  private static final int POSITION = 3;
  private static final int ROTATION = 6;

  private final long staleAfterNanos;
  private final ChunkOrigin chunkOrigin;
  private final SerialChain chain;
  private final double[] toolPose = new double[RobotSignals.POSE_WIDTH];
  private final SignalReading jointState;
  private final Part[] parts;
  private final SignalSlot[] slots; // every signal read, once
  private final SignalReading[] readings;
  private final ImageSlot[] images;
  private final ObservationVerdict verdict = new ObservationVerdict();
  private final long[] pictureNanos; // when each image that was looked at last arrived
  private long offClock;

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
    staleAfterNanos = robot.timeouts().observationNanos();
    chunkOrigin = robot.chunkOrigin();
    chain = new SerialChain(robot);
    jointState = new SignalReading(2 * robot.jointCount());
    Map<SignalSlot, SignalReading> read = new LinkedHashMap<>();
    read.put(signals.jointState(), jointState);
    List<Part> resolved = new ArrayList<>();
    for (Feature feature : spec.state()) {
      resolved.add(resolve(feature, robot, signals, read));
    }
    images =
        spec.imageSources().stream()
            .map(source -> imageSlot(source, signals))
            .toArray(ImageSlot[]::new);
    pictureNanos = new long[images.length];
    parts = resolved.toArray(Part[]::new);
    slots = read.keySet().toArray(SignalSlot[]::new);
    readings = read.values().toArray(SignalReading[]::new);
  }

  /**
   * Assembles an observation from the newest signals.
   *
   * @param now on the runtime's clock, nanoseconds
   * @param observation filled, physical units; meaningless unless the verdict is ready
   * @return this assembler's own verdict, overwritten by the next call
   */
  public ObservationVerdict assemble(long now, Observation observation) {
    readSignals(now);
    for (int i = 0; i < images.length && verdict.ready(); i++) {
      look(i, now, observation);
    }
    if (verdict.ready()) {
      chain.toolPose(jointState.values, toolPose);
      write(observation.values());
      observation.at(now, origin(now, observation.images()));
    }
    return verdict;
  }

  /** Observations whose origin is when a signal came, since its stamp is not of this clock. */
  public long offClock() {
    return offClock;
  }

  @Override
  public int count() {
    return slots.length + images.length;
  }

  @Override
  public String name(int input) {
    return input < slots.length
        ? slots[input].name()
        : images[input - slots.length].source().topic();
  }

  @Override
  public long version(int input) {
    return input < slots.length ? readings[input].sequence() : pictureNanos[input - slots.length];
  }

  private long origin(long now, List<ImageTensor> pictures) {
    return switch (chunkOrigin) {
      case ASSEMBLY -> now;
      case JOINT_STATES -> measured(jointState.stampNanos(), jointState.receivedNanos());
      case OLDEST -> {
        long oldest = now;
        for (SignalReading reading : readings) {
          oldest = Math.min(oldest, measured(reading.stampNanos(), reading.receivedNanos()));
        }
        for (int i = 0; i < pictures.size(); i++) { // an iterator would be an allocation
          ImageTensor picture = pictures.get(i);
          oldest = Math.min(oldest, measured(picture.stampNanos(), picture.receivedNanos()));
        }
        yield oldest;
      }
    };
  }

  /** When a signal was measured, or came if its stamp cannot be of this clock. */
  private long measured(long stampNanos, long receivedNanos) {
    long transit = receivedNanos - stampNanos;
    if (transit < 0 || transit > staleAfterNanos) {
      offClock++;
      return receivedNanos;
    }
    return stampNanos;
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
      oldest = Math.max(oldest, age);
    }
    verdict.set(Kind.READY, "", oldest);
  }

  private void look(int index, long now, Observation observation) {
    ImageSlot slot = images[index];
    ImageTensor picture = slot.newest();
    if (picture == null) {
      verdict.set(Kind.MISSING, slot.source().topic(), 0);
      return;
    }
    pictureNanos[index] = picture.receivedNanos();
    long age = now - picture.receivedNanos();
    if (age > staleAfterNanos) {
      verdict.set(Kind.STALE, slot.source().topic(), age);
      return;
    }
    observation.image(index, picture);
    verdict.set(Kind.READY, "", Math.max(age, verdict.ageNanos()));
  }

  private void write(float[] values) {
    int offset = 0;
    for (Part part : parts) {
      SignalReading reading = part.reading;
      double[] from = reading == null ? toolPose : reading.values;
      int end = offset + (part.rotation ? ROTATION : part.count);
      if (part.rotation) {
        Rotations.firstTwoColumns(from, part.start, values, offset);
      } else {
        for (int i = 0; i < part.count; i++) {
          values[offset + i] = (float) from[part.start + i];
        }
      }
      for (; offset < end; offset++) {
        if (!Float.isFinite(values[offset])) {
          verdict.set(Kind.NOT_FINITE, part.signal.name(), 0);
          return;
        }
      }
    }
  }

  private Part resolve(
      Feature feature, Robot robot, RobotSignals signals, Map<SignalSlot, SignalReading> read) {
    int joints = robot.jointCount();
    Source source = feature.source();
    if (feature.size() != source.width(joints)) {
      throw new RuntimeFault(
          "fitting feature '%s': found size %s, but its source %s has %s values"
              .formatted(feature.name(), feature.size(), source.text(), source.width(joints)));
    }
    SignalSlot state = signals.jointState();
    return switch (source) {
      case Source.JointPosition _ -> new Part(state, jointState, 0, joints, false);
      case Source.JointVelocity _ -> new Part(state, jointState, joints, joints, false);
      case Source.JointEffort _ -> whole(signals.jointEffort(), read);
      case Source.ToolPosition _ -> new Part(state, null, 0, POSITION, false);
      case Source.ToolRotation _ -> new Part(state, null, POSITION, 0, true);
      case Source.ObjectPosition of -> {
        SignalSlot slot = pose(feature, of.object(), signals);
        yield new Part(slot, reading(slot, read), 0, POSITION, false);
      }
      case Source.ObjectRotation of -> {
        SignalSlot slot = pose(feature, of.object(), signals);
        yield new Part(slot, reading(slot, read), POSITION, 0, true);
      }
      case Source.TopicField field -> {
        SignalSlot slot = signals.fields().get(field);
        if (slot == null) {
          throw new RuntimeFault(
              "fitting feature '%s': nothing listens to %s; start anew with this policy"
                  .formatted(feature.name(), field.text()));
        }
        yield whole(slot, read);
      }
      case Source.Image image ->
          throw new RuntimeFault(
              "fitting feature '%s': found image %s, wanted numbers"
                  .formatted(feature.name(), image.topic()));
    };
  }

  private static Part whole(SignalSlot slot, Map<SignalSlot, SignalReading> read) {
    return new Part(slot, reading(slot, read), 0, slot.width(), false);
  }

  private static SignalReading reading(SignalSlot slot, Map<SignalSlot, SignalReading> read) {
    return read.computeIfAbsent(slot, _ -> new SignalReading(slot.width()));
  }

  private static ImageSlot imageSlot(Source.Image source, RobotSignals signals) {
    ImageSlot slot = signals.images().get(source);
    if (slot == null) {
      throw new RuntimeFault(
          "fitting image %s: nothing listens to %s; start anew with this policy"
              .formatted(source.topic(), source.text()));
    }
    return slot;
  }

  private static SignalSlot pose(Feature feature, String object, RobotSignals signals) {
    if (!signals.observes(object)) {
      throw new RuntimeFault(
          "fitting feature '%s': object '%s' is not in the robot file's objects %s"
              .formatted(
                  feature.name(),
                  object,
                  signals.objects().stream().map(SignalSlot::name).toList()));
    }
    return signals.object(object);
  }
}
