package dev.forearm.ros.cdr;

import dev.forearm.ros.MessageField;
import dev.forearm.ros.MessageField.Kind;
import dev.forearm.ros.MessageField.Shape;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Takes the numbers of one field out of messages of any type. Numbers of every type become float64,
 * booleans 0 and 1. Owned by one thread; allocates nothing per message but for longer texts.
 */
public final class FieldReader {
  private final MessageType type;
  private final String path;
  private final List<String> names;
  private final CdrReader in = new CdrReader();
  private final Text text = new Text();
  private final double[] values;
  private int found;

  /**
   * Finds the field.
   *
   * @param path names joined by dots: a number, an array or sequence of numbers, or a message made
   *     of numbers, whose numbers come in the definition's order
   * @param size how many numbers it is to have
   * @throws RosFault if there is no such field, the way to it leads through an array, it holds
   *     text, or it always has another number of numbers
   */
  public FieldReader(MessageType type, String path, int size) {
    this.type = type;
    this.path = path;
    names = List.of(path.split("\\."));
    values = new double[size];
    int fixed = numbers(target());
    if (fixed >= 0 && fixed != size) {
      throw fault("found %s numbers, wanted %s".formatted(fixed, size));
    }
  }

  /**
   * Reads the numbers.
   *
   * @param cdr one whole message
   * @return this reader's own array, overwritten by the next call
   * @throws RosFault if the message is damaged or has another number of numbers there
   */
  public double[] read(MemorySegment cdr) {
    in.wrap(cdr);
    found = 0;
    walk(type, 0);
    if (found != values.length) {
      throw fault("found %s numbers, wanted %s".formatted(found, values.length));
    }
    return values;
  }

  private MessageField target() {
    MessageType within = type;
    for (int depth = 0; ; depth++) {
      String name = names.get(depth);
      MessageField field =
          within.fields().stream()
              .filter(f -> f.name().equals(name))
              .findFirst()
              .orElseThrow(() -> fault("there is no '%s'".formatted(name)));
      if (depth == names.size() - 1) {
        return field;
      }
      MessageType nested = field.nested();
      if (nested == null || field.shape() != Shape.SINGLE) {
        throw fault("'%s' is no single message, wanted a field of one".formatted(name));
      }
      within = nested;
    }
  }

  /** How many numbers a field always has; -1 if that differs from message to message. */
  private int numbers(MessageField field) {
    int each = 1;
    MessageType nested = field.nested();
    if (field.kind() == Kind.STRING) {
      throw fault("'%s' is text, wanted numbers".formatted(field.name()));
    } else if (nested != null) {
      each = 0;
      for (MessageField inner : nested.fields()) {
        int more = numbers(inner);
        each = each < 0 || more < 0 ? -1 : each + more;
      }
    }
    return switch (field.shape()) {
      case SINGLE -> each;
      case ARRAY -> each < 0 ? -1 : each * field.count();
      case SEQUENCE, BOUNDED_SEQUENCE -> -1;
    };
  }

  /** Through a message on the way to the field: {@code depth} names of the way lie behind. */
  private void walk(MessageType message, int depth) {
    List<MessageField> fields = message.fields();
    for (int i = 0; i < fields.size(); i++) {
      MessageField field = fields.get(i);
      MessageType nested = field.nested();
      boolean onTheWay = field.name().equals(names.get(depth));
      if (onTheWay && depth < names.size() - 1 && nested != null) {
        walk(nested, depth + 1);
      } else {
        pass(field, onTheWay);
      }
    }
  }

  /** Reads a whole field, taking its numbers or not. */
  private void pass(MessageField field, boolean take) {
    int count =
        switch (field.shape()) {
          case SINGLE -> 1;
          case ARRAY -> field.count();
          case SEQUENCE -> in.readLength(Math.max(1, field.kind().bytes()));
          case BOUNDED_SEQUENCE -> in.readLength(Math.max(1, field.kind().bytes()), field.count());
        };
    MessageType nested = field.nested();
    for (int i = 0; i < count; i++) {
      if (nested != null) {
        List<MessageField> inner = nested.fields();
        for (int j = 0; j < inner.size(); j++) {
          pass(inner.get(j), take);
        }
      } else if (field.kind() == Kind.STRING) {
        text.read(in);
      } else {
        double value = number(field.kind());
        if (take) {
          if (found < values.length) {
            values[found] = value;
          }
          found++;
        }
      }
    }
  }

  private double number(Kind kind) {
    return switch (kind) {
      case BOOL -> in.readBool() ? 1 : 0;
      case INT8 -> in.readInt8();
      case UINT8 -> Byte.toUnsignedInt(in.readInt8());
      case INT16 -> in.readInt16();
      case UINT16 -> Short.toUnsignedInt(in.readInt16());
      case INT32 -> in.readInt32();
      case UINT32 -> Integer.toUnsignedLong(in.readInt32());
      case INT64 -> in.readInt64();
      case UINT64 -> unsigned(in.readInt64());
      case FLOAT32 -> in.readFloat32();
      case FLOAT64 -> in.readFloat64();
      case STRING, MESSAGE -> throw new IllegalStateException(kind + " is no number");
    };
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
  }

  private RosFault fault(String what) {
    return new RosFault("field %s of %s: %s".formatted(path, type.name(), what));
  }
}
