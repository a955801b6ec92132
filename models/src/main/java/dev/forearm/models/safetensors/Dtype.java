package dev.forearm.models.safetensors;

import dev.forearm.models.ort.ElementType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Names that safetensors gives to element types. */
final class Dtype {
  private static final Map<ElementType, String> NAMES = new EnumMap<>(ElementType.class);

  static {
    NAMES.put(ElementType.BOOL, "BOOL");
    NAMES.put(ElementType.UINT8, "U8");
    NAMES.put(ElementType.INT8, "I8");
    NAMES.put(ElementType.UINT16, "U16");
    NAMES.put(ElementType.INT16, "I16");
    NAMES.put(ElementType.UINT32, "U32");
    NAMES.put(ElementType.INT32, "I32");
    NAMES.put(ElementType.UINT64, "U64");
    NAMES.put(ElementType.INT64, "I64");
    NAMES.put(ElementType.FLOAT16, "F16");
    NAMES.put(ElementType.BFLOAT16, "BF16");
    NAMES.put(ElementType.FLOAT32, "F32");
    NAMES.put(ElementType.FLOAT64, "F64");
  }

  private Dtype() {}

  static String name(ElementType type) {
    String name = NAMES.get(type);
    if (name == null) {
      throw new IllegalArgumentException(type + " has no safetensors name");
    }
    return name;
  }

  static Optional<ElementType> parse(String name) {
    return NAMES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
