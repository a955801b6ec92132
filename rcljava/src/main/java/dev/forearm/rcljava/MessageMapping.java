package dev.forearm.rcljava;

import dev.forearm.ros.MessageField;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.ros2.rcljava.interfaces.MessageDefinition;

/**
 * A message type and the class that rosidl_generator_java made of its definition. Immutable.
 *
 * @param <T> that class
 */
final class MessageMapping<T extends MessageDefinition> {
  private final Class<T> javaClass;
  private final Constructor<T> constructor;
  private final List<FieldMapping> fields;

  private MessageMapping(MessageType type, Class<T> javaClass) throws NoSuchMethodException {
    this.javaClass = javaClass;
    constructor = javaClass.getConstructor();
    requireTheSameFields(type, javaClass);
    fields = type.fields().stream().map(field -> FieldMapping.of(field, javaClass)).toList();
  }

  /**
   * Finds the class of a type, and those of what it is made of.
   *
   * @throws RosFault if the workspace has none, or defines the type otherwise
   */
  static MessageMapping<?> of(MessageType type) {
    String name = type.name().replace('/', '.');
    try {
      Class<?> found = Class.forName(name, false, MessageMapping.class.getClassLoader());
      Natives.loadTypeSupport(found);
      return new MessageMapping<>(type, found.asSubclass(MessageDefinition.class));
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new RosFault(
          "type %s: no message class %s is on the class path; build its package with rosidl_generator_java in the workspace, or choose --transport rcl"
              .formatted(type, name),
          e);
    }
  }

  /** rcljava knows no hashes of types. */
  private static void requireTheSameFields(MessageType type, Class<?> javaClass) {
    var wanted = type.fields().stream().map(MessageField::name).collect(Collectors.toSet());
    var found =
        Arrays.stream(javaClass.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .map(java.lang.reflect.Field::getName)
            .collect(Collectors.toSet());
    if (!found.equals(wanted)) {
      throw new RosFault(
          "type %s: the workspace's class has the fields %s, wanted %s; it was made of another version of the definition"
              .formatted(type, found, wanted));
    }
  }

  Class<T> javaClass() {
    return javaClass;
  }

  /** Reads the body at the reader's position into a new object. */
  T read(CdrReader in) {
    try {
      T message = constructor.newInstance();
      for (FieldMapping field : fields) {
        field.read(in, message);
      }
      return message;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(javaClass.getName(), e);
    }
  }

  /** Appends an object of the class as a body. */
  void write(Object message, CdrWriter out) {
    for (FieldMapping field : fields) {
      field.write(message, out);
    }
  }
}
