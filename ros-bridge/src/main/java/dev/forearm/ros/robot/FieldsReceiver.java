package dev.forearm.ros.robot;

import dev.forearm.ros.MessageField;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.FieldReader;
import dev.forearm.runtime.policy.Source.TopicField;
import dev.forearm.runtime.signal.SignalSlot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the fields that policies ask for out of one topic's messages into their slots. */
final class FieldsReceiver implements Receiver {
  private static final String HEADER = "std_msgs/msg/Header";
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private record Field(FieldReader reader, SignalSlot slot) {}

  private final MessageType type;
  private final List<Field> fields = new ArrayList<>();
  private final @Nullable FieldReader stamp;

  /**
   * Finds the fields.
   *
   * @param wanted all of one topic
   * @throws RosFault if one is not in its type, is no number, or two name different types
   */
  FieldsReceiver(Map<TopicField, SignalSlot> wanted) {
    TopicField first = wanted.keySet().iterator().next();
    type = MessageType.named(first.type());
    wanted.forEach((field, slot) -> {
      if (!field.type().equals(first.type())) {
        throw new RosFault(
            "topic %s: found types %s and %s in one policy, wanted one"
                .formatted(field.topic(), first.type(), field.type()));
      }
      fields.add(new Field(new FieldReader(type, field.field(), field.size()), slot));
    });
    boolean stamped =
        type.fields().stream()
            .map(MessageField::nested)
            .anyMatch(nested -> nested != null && nested.name().equals(HEADER));
    stamp = stamped ? new FieldReader(type, "header.stamp", 2) : null;
  }

  MessageType type() {
    return type;
  }

  @Override
  public long receive(MemorySegment cdr, long receivedNanos, long publisher) {
    long stampNanos = 0;
    if (stamp != null) {
      double[] time = stamp.read(cdr);
      long seconds = (long) time[0];
      stampNanos = seconds * NANOS_PER_SECOND + (long) time[1];
    }
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      field.slot.write(field.reader.read(cdr), 0, stampNanos, receivedNanos);
    }
    return stampNanos;
  }
}
