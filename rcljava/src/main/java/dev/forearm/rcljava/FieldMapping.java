package dev.forearm.rcljava;

import dev.forearm.ros.MessageField;
import dev.forearm.ros.MessageField.Shape;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A field of a message and the getter and setter that rosidl_generator_java made of it. Arrays and
 * sequences are lists there, unsigned numbers the signed ones of the same width.
 *
 * @param nested of a message, otherwise null
 */
record FieldMapping(
    MessageField field, Method getter, Method setter, @Nullable MessageMapping<?> nested) {

  /**
   * Finds them.
   *
   * @throws RosFault if the class has another type there
   */
  static FieldMapping of(MessageField field, Class<?> javaClass) {
    MessageMapping<?> nested = field.nested() == null ? null : MessageMapping.of(field.nested());
    boolean single = field.shape() == Shape.SINGLE;
    Class<?> element = nested == null ? javaType(field.kind(), single) : nested.javaClass();
    String name = camelCase(field.name());
    try {
      Method getter = javaClass.getMethod("get" + name);
      Method setter = javaClass.getMethod("set" + name, single ? element : List.class);
      Type found = getter.getGenericReturnType();
      Type foundElement =
          found instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : found;
      if (foundElement != element) {
        throw new NoSuchMethodException("%s, %s wanted".formatted(foundElement, element));
      }
      return new FieldMapping(field, getter, setter, nested);
    } catch (NoSuchMethodException e) {
      throw new RosFault(
          "type %s: its field %s is another in the workspace's class (%s); it was made of another version of the definition"
              .formatted(javaClass.getName(), field.name(), e.getMessage()),
          e);
    }
  }

  /** As the generator's convert_lower_case_underscore_to_camel_case. */
  private static String camelCase(String name) {
    return Arrays.stream(name.split("_", -1))
        .map(word ->
            word.isEmpty()
                ? "_"
                : word.substring(0, 1).toUpperCase(Locale.ROOT)
                    + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static Class<?> javaType(MessageField.Kind kind, boolean primitive) {
    return switch (kind) {
      case BOOL -> primitive ? boolean.class : Boolean.class;
      case INT8, UINT8 -> primitive ? byte.class : Byte.class;
      case INT16, UINT16 -> primitive ? short.class : Short.class;
      case INT32, UINT32 -> primitive ? int.class : Integer.class;
      case INT64, UINT64 -> primitive ? long.class : Long.class;
      case FLOAT32 -> primitive ? float.class : Float.class;
      case FLOAT64 -> primitive ? double.class : Double.class;
      case STRING -> String.class;
      case MESSAGE -> throw new IllegalStateException("a message is mapped by its own class");
    };
  }

  void read(CdrReader in, Object message) {
    int fewest = Math.max(1, field.kind().bytes());
    Object value =
        switch (field.shape()) {
          case SINGLE -> element(in);
          case ARRAY -> elements(in, field.count());
          case SEQUENCE -> elements(in, in.readLength(fewest));
          case BOUNDED_SEQUENCE -> elements(in, in.readLength(fewest, field.count()));
        };
    call(setter, message, value);
  }

  private List<Object> elements(CdrReader in, int count) {
    List<Object> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(element(in));
    }
    return list;
  }

  private Object element(CdrReader in) {
    return switch (field.kind()) {
      case BOOL -> in.readBool();
      case INT8, UINT8 -> in.readInt8();
      case INT16, UINT16 -> in.readInt16();
      case INT32, UINT32 -> in.readInt32();
      case INT64, UINT64 -> in.readInt64();
      case FLOAT32 -> in.readFloat32();
      case FLOAT64 -> in.readFloat64();
      case STRING -> in.readString();
      case MESSAGE -> Objects.requireNonNull(nested).read(in);
    };
  }

  void write(Object message, CdrWriter out) {
    Object value = call(getter, message);
    if (field.shape() == Shape.SINGLE) {
      element(value, out);
      return;
    }
    List<?> list = (List<?>) value;
    if (field.shape() != Shape.ARRAY) {
      out.writeLength(list.size());
    }
    for (Object each : list) {
      element(each, out);
    }
  }

  private void element(Object value, CdrWriter out) {
    switch (field.kind()) {
      case BOOL -> out.writeBool((Boolean) value);
      case INT8, UINT8 -> out.writeInt8((Byte) value);
      case INT16, UINT16 -> out.writeInt16((Short) value);
      case INT32, UINT32 -> out.writeInt32((Integer) value);
      case INT64, UINT64 -> out.writeInt64((Long) value);
      case FLOAT32 -> out.writeFloat32((Float) value);
      case FLOAT64 -> out.writeFloat64((Double) value);
      case STRING -> out.writeString((String) value);
      case MESSAGE -> Objects.requireNonNull(nested).write(value, out);
    }
  }

  private static Object call(Method method, Object on, Object... arguments) {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw new RosFault("%s: %s".formatted(method, e.getCause()), e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method.toString(), e);
    }
  }
}
