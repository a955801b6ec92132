package dev.forearm.ros.codegen;

import java.util.Arrays;

/** A built-in type of the .msg language and what it is elsewhere. */
enum Primitive {
  BOOL("bool", 15, 1, "BOOL", "boolean", "Boolean", "Bool", "Booleans"),
  BYTE("byte", 16, 1, "UINT8", "byte", "Byte", "Int8", "Bytes"),
  CHAR("char", 3, 1, "UINT8", "byte", "Byte", "Int8", "Bytes"),
  INT8("int8", 2, 1, "INT8", "byte", "Byte", "Int8", "Bytes"),
  UINT8("uint8", 3, 1, "UINT8", "byte", "Byte", "Int8", "Bytes"),
  INT16("int16", 4, 2, "INT16", "short", "Short", "Int16", "Shorts"),
  UINT16("uint16", 5, 2, "UINT16", "short", "Short", "Int16", "Shorts"),
  INT32("int32", 6, 4, "INT32", "int", "Int", "Int32", "Ints"),
  UINT32("uint32", 7, 4, "UINT32", "int", "Int", "Int32", "Ints"),
  INT64("int64", 8, 8, "INT64", "long", "Long", "Int64", "Longs"),
  UINT64("uint64", 9, 8, "UINT64", "long", "Long", "Int64", "Longs"),
  FLOAT32("float32", 10, 4, "FLOAT32", "float", "Float", "Float32", "Floats"),
  FLOAT64("float64", 11, 8, "FLOAT64", "double", "Double", "Float64", "Doubles"),
  STRING("string", 17, 4, "STRING", "java.lang.String", "Text", "String", "");

  /** Name in a definition. */
  final String ros;

  /** {@code type_description_interfaces/msg/FieldType} constant. */
  final int typeId;

  /** Fewest bytes a value takes on the wire. */
  final int bytes;

  /** {@code MessageField.Kind} constant. */
  final String kind;

  /** Type of a record component. */
  final String java;

  /** Prefix of the sequence class. */
  final String sequence;

  /** Suffix of CdrReader.read… and CdrWriter.write…. */
  final String accessor;

  /** Suffix of CdrReader.copy… and CdrWriter.write… for arrays. */
  final String bulk;

  Primitive(
      String ros,
      int typeId,
      int bytes,
      String kind,
      String java,
      String sequence,
      String accessor,
      String bulk) {
    this.ros = ros;
    this.typeId = typeId;
    this.bytes = bytes;
    this.kind = kind;
    this.java = java;
    this.sequence = sequence;
    this.accessor = accessor;
    this.bulk = bulk;
  }

  /** The primitive of that name, or null. */
  static Primitive of(String ros) {
    return Arrays.stream(values()).filter(p -> p.ros.equals(ros)).findFirst().orElse(null);
  }
}
