package dev.forearm.ros.codegen;

import dev.forearm.ros.codegen.Definition.Member;
import dev.forearm.ros.codegen.Definition.Shape;

/** The pieces of Java that one field of a message becomes. */
final class FieldSource {
  private final Member member;
  private final Definitions all;
  private final String javaPackage;
  private final String java;

  FieldSource(Member member, Definitions all, String javaPackage) {
    this.member = member;
    this.all = all;
    this.javaPackage = javaPackage;
    this.java = camelCase(member.name());
  }

  private static String camelCase(String name) {
    StringBuilder camel = new StringBuilder();
    for (String word : name.split("_")) {
      camel.append(
          camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return camel.toString();
  }

  String java() {
    return java;
  }

  private boolean single() {
    return member.shape() == Shape.SINGLE;
  }

  private boolean fixed() {
    return member.shape() == Shape.ARRAY;
  }

  private Primitive primitive() {
    return Primitive.of(member.type());
  }

  private boolean listed() {
    return member.nested() || primitive() == Primitive.STRING;
  }

  /** Whether the record component is a Java array. */
  boolean isArray() {
    return !single() && !listed();
  }

  private String element() {
    if (!member.nested()) {
      return primitive().java;
    }
    Definition nested = all.get(member.type());
    return javaPackage + "." + nested.javaPackage() + "." + nested.javaName();
  }

  private String bound() {
    return member.shape() == Shape.SEQUENCE ? "Integer.MAX_VALUE" : member.count() + "";
  }

  String recordType() {
    if (single()) {
      return element();
    }
    return listed() ? "java.util.List<" + element() + ">" : element() + "[]";
  }

  String describe() {
    return "new MessageField(\"%s\", MessageField.Kind.%s, MessageField.Shape.%s, %s, %s)"
        .formatted(
            member.name(),
            member.nested() ? "MESSAGE" : primitive().kind,
            member.shape(),
            member.count(),
            member.nested() ? element() + ".TYPE" : "null");
  }

  /** In the record's constructor: lists are copied, lengths that the type fixes are checked. */
  String check() {
    if (single()) {
      return "";
    }
    String copy = listed() ? "%1$s = java.util.List.copyOf(%1$s);\n" : "";
    String length = listed() ? "%1$s.size()" : "%1$s.length";
    String check =
        switch (member.shape()) {
          case SINGLE, SEQUENCE -> "";
          case ARRAY -> checkLength(length + " != " + member.count(), length);
          case BOUNDED_SEQUENCE -> checkLength(length + " > " + member.count(), length);
        };
    return (copy + check).formatted(java);
  }

  private String checkLength(String wrong, String length) {
    return """
    if (%s) {
      throw new IllegalArgumentException("field %s has " + %s + " values, %s fit");
    }
    """
        .formatted(wrong, member.name(), length, member.count());
  }

  String writeRecord() {
    if (single()) {
      return member.nested()
          ? java + ".write(writer);"
          : "writer.write%s(%s);".formatted(primitive().accessor, java);
    }
    String length = listed() ? java + ".size()" : java + ".length";
    String prefix = fixed() ? "" : "writer.writeLength(%s);\n".formatted(length);
    if (!listed()) {
      return prefix + "writer.write%s(%s, %s);".formatted(primitive().bulk, java, length);
    }
    String write = member.nested() ? "each.write(writer);" : "writer.writeString(each);";
    return prefix + "for (%s each : %s) {\n  %s\n}".formatted(element(), java, write);
  }

  String equal() {
    return (isArray() ? "java.util.Arrays.equals(%1$s, that.%1$s)" : objectsEqual())
        .formatted(java);
  }

  private String objectsEqual() {
    return "java.util.Objects.equals(%1$s, that.%1$s)";
  }

  String hash() {
    return (isArray() ? "java.util.Arrays.hashCode(%s)" : "java.util.Objects.hashCode(%s)")
        .formatted(java);
  }

  private String sequenceType() {
    if (member.nested()) {
      return "dev.forearm.ros.cdr.MessageSequence<" + element() + ".Buffer>";
    }
    return "dev.forearm.ros.cdr." + primitive().sequence + "Sequence";
  }

  String declare() {
    if (single()) {
      if (member.nested()) {
        return "public final %1$s.Buffer %2$s = new %1$s.Buffer();".formatted(element(), java);
      }
      if (primitive() == Primitive.STRING) {
        return "public final dev.forearm.ros.cdr.Text %s = new dev.forearm.ros.cdr.Text();"
            .formatted(java);
      }
      String initial = member.initial().isEmpty() ? "" : " = " + member.initial();
      return "public %s %s%s;".formatted(primitive().java, java, initial);
    }
    if (fixed() && !listed()) {
      return "public final %s[] %s = new %s[%s];"
          .formatted(element(), java, element(), member.count());
    }
    if (fixed()) {
      throw new IllegalArgumentException(
          "field %s: fixed arrays of strings or messages are not supported".formatted(member));
    }
    String argument = member.nested() ? element() + ".Buffer::new" : "";
    return "public final %s %s = new %s(%s);"
        .formatted(
            sequenceType(),
            java,
            member.nested() ? "dev.forearm.ros.cdr.MessageSequence<>" : sequenceType(),
            argument);
  }

  String readBuffer() {
    if (single()) {
      return listed()
          ? java + ".read(reader);"
          : "%s = reader.read%s();".formatted(java, primitive().accessor);
    }
    if (fixed()) {
      return "reader.copy%s(%s, %s);".formatted(primitive().bulk, java, member.count());
    }
    if (member.nested()) {
      int least = all.leastBytes(all.get(member.type()));
      return "%s.read(reader, %s, %s);".formatted(java, least, bound());
    }
    return "%s.read(reader, %s);".formatted(java, bound());
  }

  String writeBuffer() {
    if (fixed()) {
      return "writer.write%s(%s, %s);".formatted(primitive().bulk, java, member.count());
    }
    return single() && !listed()
        ? "writer.write%s(%s);".formatted(primitive().accessor, java)
        : java + ".write(writer);";
  }

  String assign() {
    if (single()) {
      return (listed() ? "%1$s.assign(that.%1$s());" : "%1$s = that.%1$s();").formatted(java);
    }
    if (fixed()) {
      return "System.arraycopy(that.%1$s(), 0, %1$s, 0, %2$s);".formatted(java, member.count());
    }
    if (!listed()) {
      return "%1$s.assign(that.%1$s(), that.%1$s().length);".formatted(java);
    }
    if (member.nested()) {
      return """
      %1$s.resize(that.%1$s().size());
      for (int i = 0; i < %1$s.size(); i++) {
        %1$s.get(i).assign(that.%1$s().get(i));
      }\
      """
          .formatted(java);
    }
    return "%1$s.assign(that.%1$s());".formatted(java);
  }

  String toRecord() {
    if (single()) {
      if (member.nested()) {
        return java + ".toRecord()";
      }
      return primitive() == Primitive.STRING ? java + ".toString()" : java;
    }
    if (fixed()) {
      return java + ".clone()";
    }
    if (member.nested()) {
      return java + ".toList(%s.Buffer::toRecord)".formatted(element());
    }
    return java + (listed() ? ".toList()" : ".toArray()");
  }
}
