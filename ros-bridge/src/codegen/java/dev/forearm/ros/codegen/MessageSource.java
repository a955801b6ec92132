package dev.forearm.ros.codegen;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The Java source of one message: a record, and nested in it the reusable {@code Buffer}. Names of
 * java.lang are written in full because messages are called String, Byte or Duration too.
 */
final class MessageSource {
  private final Definition definition;
  private final Definitions all;
  private final String javaPackage;
  private final List<FieldSource> fields;

  MessageSource(Definition definition, Definitions all, String javaPackage) {
    this.definition = definition;
    this.all = all;
    this.javaPackage = javaPackage;
    this.fields =
        definition.members().stream().map(m -> new FieldSource(m, all, javaPackage)).toList();
  }

  String text() {
    return """
    // Generated from the definition of %1$s; change that instead.
    package %2$s.%3$s;

    import dev.forearm.ros.Message;
    import dev.forearm.ros.MessageBuffer;
    import dev.forearm.ros.MessageField;
    import dev.forearm.ros.MessageType;
    import dev.forearm.ros.cdr.CdrReader;
    import dev.forearm.ros.cdr.CdrWriter;

    /** {@code %1$s} as a value. */
    public record %4$s(%5$s) implements Message {
    %6$s%7$s
    %8$s
      @Override
      public MessageType messageType() {
        return TYPE;
      }

      @Override
      public void write(CdrWriter writer) {
    %9$s  }

      /** Reads the body at the reader's position. */
      public static %4$s read(CdrReader reader) {
        Buffer buffer = new Buffer();
        buffer.read(reader);
        return buffer.toRecord();
      }

      /** Decodes a whole message, encapsulation header included. */
      public static %4$s decode(java.lang.foreign.MemorySegment cdr) {
        CdrReader reader = new CdrReader();
        reader.wrap(cdr);
        return read(reader);
      }
    %10$s
    %11$s}
    """
        .formatted(
            definition.rosName(),
            javaPackage,
            definition.javaPackage(),
            definition.javaName(),
            fields.stream()
                .map(f -> f.recordType() + " " + f.java())
                .collect(Collectors.joining(", ")),
            constants(),
            type(),
            constructor(),
            lines("    ", FieldSource::writeRecord),
            equality(),
            buffer());
  }

  private String lines(String indent, Function<FieldSource, String> line) {
    return fields.stream()
        .map(line)
        .filter(text -> !text.isEmpty())
        .flatMap(String::lines)
        .map(text -> indent + text + "\n")
        .collect(Collectors.joining());
  }

  private String constants() {
    return definition.constants().stream()
        .map(c -> {
          Primitive type = Primitive.of(c.type());
          boolean narrow = type.bytes < Integer.BYTES && type != Primitive.BOOL;
          return "  public static final %s %s = %s%s;\n"
              .formatted(type.java, c.name(), narrow ? "(" + type.java + ") " : "", c.value());
        })
        .collect(Collectors.joining());
  }

  private String type() {
    return """
      public static final MessageType TYPE =
          new MessageType(
              "%s",
              "%s",
              %s,
              java.util.List.of(
    %s));
    """
        .formatted(
            definition.rosName(),
            TypeHash.of(definition, all),
            literal(all.bagText(definition)),
            fields.stream()
                .map(f -> "              " + f.describe())
                .collect(Collectors.joining(",\n")));
  }

  private static String literal(String text) {
    if (text.isEmpty()) {
      return "\"\"";
    }
    return text.lines()
        .map(line -> "\"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\\n\"")
        .collect(Collectors.joining("\n              + "));
  }

  private String constructor() {
    String checks = lines("    ", FieldSource::check);
    return checks.isEmpty() ? "" : "  public " + definition.javaName() + " {\n" + checks + "  }\n";
  }

  /** Records compare arrays by identity; messages compare them by content. */
  private String equality() {
    if (fields.stream().noneMatch(FieldSource::isArray)) {
      return "";
    }
    return """

      @Override
      public boolean equals(java.lang.@org.jspecify.annotations.Nullable Object other) {
        return other instanceof %s that%s;
      }

      @Override
      public int hashCode() {
        int hash = 1;
    %s    return hash;
      }
    """
        .formatted(
            definition.javaName(),
            fields.stream().map(f -> "\n        && " + f.equal()).collect(Collectors.joining()),
            lines("    ", f -> "hash = 31 * hash + " + f.hash() + ";"));
  }

  private String buffer() {
    return """
      /** {@code %1$s} in storage that is reused. */
      public static final class Buffer implements MessageBuffer {
    %2$s
        @Override
        public MessageType messageType() {
          return TYPE;
        }

        @Override
        public void read(CdrReader reader) {
    %3$s    }

        @Override
        public void write(CdrWriter writer) {
    %4$s    }

        /** Takes over the content of {@code that}. */
        public void assign(%5$s that) {
    %6$s    }

        public %5$s toRecord() {
          return new %5$s(%7$s);
        }
      }
    """
        .formatted(
            definition.rosName(),
            lines("    ", FieldSource::declare),
            lines("      ", FieldSource::readBuffer),
            lines("      ", FieldSource::writeBuffer),
            definition.javaName(),
            lines("      ", FieldSource::assign),
            fields.stream().map(FieldSource::toRecord).collect(Collectors.joining(", ")));
  }
}
