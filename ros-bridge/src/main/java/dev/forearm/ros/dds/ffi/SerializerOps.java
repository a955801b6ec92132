package dev.forearm.ros.dds.ffi;

import dev.forearm.ros.MessageField;
import dev.forearm.ros.MessageField.Kind;
import dev.forearm.ros.MessageType;
import java.util.Arrays;
import java.util.Objects;

/**
 * Compiles a message type to Cyclone's serializer instructions (dds/ddsc/dds_opcodes.h), by which
 * the library itself refuses bytes that are not such a message and swaps those of big-endian peers.
 * Nested messages are laid flat, as CDR does; elements of a sequence of messages get a subroutine:
 *
 * <pre>
 *   [ADR, nBY | STR]        [offset]
 *   [ADR, ARR, sub]         [offset] [count]
 *   [ADR, SEQ, sub]         [offset]
 *   [ADR, BSQ, sub]         [offset] [bound]
 *   [ADR, SEQ, STU]         [offset] [element size] [next, element ops]  element ops… RTS
 * </pre>
 */
final class SerializerOps {
  private static final int ADR = 1 << 24;
  private static final int RTS = 0;
  private static final int STRING = 5;
  private static final int SEQUENCE = 7;
  private static final int ARRAY = 8;
  private static final int STRUCT = 10;
  private static final int BOUNDED_SEQUENCE = 11;
  private static final int BOOL = 14;

  /** Size of a pointer and of {@code dds_sequence_t {uint32 max, length; void *buffer; bool}}. */
  private static final int POINTER_BYTES = 8;

  private static final int SEQUENCE_BYTES = 24;
  private static final int STRUCT_ALIGNMENT = 8;

  private int[] ops = new int[64];
  private int count;
  private int offset;

  private SerializerOps() {}

  /**
   * A compiled type.
   *
   * @param ops the instructions
   * @param sampleBytes size of the C structure they describe
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Program(int[] ops, int sampleBytes) {}

  static Program compile(MessageType type) {
    SerializerOps compiler = new SerializerOps();
    compiler.message(type);
    compiler.emit(RTS);
    return new Program(
        Arrays.copyOf(compiler.ops, compiler.count), aligned(compiler.offset, STRUCT_ALIGNMENT));
  }

  private void message(MessageType type) {
    type.fields().forEach(this::field);
  }

  private void field(MessageField field) {
    switch (field.shape()) {
      case SINGLE -> single(field);
      case ARRAY -> array(field);
      case SEQUENCE -> sequence(field, SEQUENCE);
      case BOUNDED_SEQUENCE -> sequence(field, BOUNDED_SEQUENCE);
    }
  }

  private void single(MessageField field) {
    if (field.kind() == Kind.MESSAGE) {
      message(nested(field));
      return;
    }
    int bytes = field.kind() == Kind.STRING ? POINTER_BYTES : field.kind().bytes();
    emit(ADR | code(field.kind()) << 16);
    emit(place(bytes, bytes));
  }

  private void array(MessageField field) {
    if (field.kind().bytes() == 0) {
      throw new IllegalArgumentException(
          "field %s: fixed arrays of strings or messages are not supported"
              .formatted(field.name()));
    }
    int bytes = field.kind().bytes();
    emit(ADR | ARRAY << 16 | code(field.kind()) << 8);
    emit(place(bytes, bytes * field.count()));
    emit(field.count());
  }

  private void sequence(MessageField field, int shape) {
    int start = count;
    emit(ADR | shape << 16 | code(field.kind()) << 8);
    emit(place(POINTER_BYTES, SEQUENCE_BYTES));
    if (shape == BOUNDED_SEQUENCE) {
      emit(field.count());
    }
    if (field.kind() == Kind.MESSAGE) {
      Program element = compile(nested(field));
      emit(element.sampleBytes());
      int elementStart = count + 1 - start;
      int next = elementStart + element.ops().length;
      emit(next << 16 | elementStart);
      for (int op : element.ops()) {
        emit(op);
      }
    }
  }

  private static int code(Kind kind) {
    return switch (kind) {
      case INT8, UINT8 -> 1;
      case INT16, UINT16 -> 2;
      case INT32, UINT32, FLOAT32 -> 3;
      case INT64, UINT64, FLOAT64 -> 4;
      case STRING -> STRING;
      case BOOL -> BOOL;
      case MESSAGE -> STRUCT;
    };
  }

  private static MessageType nested(MessageField field) {
    return Objects.requireNonNull(field.nested(), field.name());
  }

  private int place(int alignment, int bytes) {
    int at = aligned(offset, alignment);
    offset = at + bytes;
    return at;
  }

  private static int aligned(int offset, int alignment) {
    return (offset + alignment - 1) & -alignment;
  }

  private void emit(int op) {
    if (count == ops.length) {
      ops = Arrays.copyOf(ops, 2 * count);
    }
    ops[count++] = op;
  }
}
