package dev.forearm.runtime.report;

import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259): maps with string keys, iterables, strings, numbers, booleans and null,
 * indented by two spaces, keys in the map's order.
 */
public final class Json {
  private Json() {}

  /**
   * The text of {@code value}.
   *
   * @throws IllegalArgumentException for a type JSON has no form for, and for a number that is not
   *     finite: a report with a hole in it says null
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, "", out);
    return out.toString();
  }

  private static void write(@Nullable Object value, String indent, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case String text -> writeText(text, out);
      case Double number when !Double.isFinite(number) -> throw notFinite(number);
      case Float number when !Float.isFinite(number) -> throw notFinite(number);
      case Number number -> out.append(number);
      case Boolean yes -> out.append(yes);
      case Map<?, ?> map -> writeMap(map, indent, out);
      case Iterable<?> items -> writeItems(items, indent, out);
      default ->
          throw new IllegalArgumentException(
              "JSON report: a %s has no JSON form; give a map, an iterable, a string, a number or a"
                      .formatted(value.getClass().getName())
                  + " boolean");
    }
  }

  private static void writeMap(Map<?, ?> map, String indent, StringBuilder out) {
    String inner = indent + "  ";
    String separator = "{\n";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator).append(inner);
      writeText(String.valueOf(entry.getKey()), out);
      out.append(": ");
      write(entry.getValue(), inner, out);
      separator = ",\n";
    }
    out.append(map.isEmpty() ? "{}" : "\n" + indent + "}");
  }

  private static void writeItems(Iterable<?> items, String indent, StringBuilder out) {
    out.append('[');
    for (Iterator<?> rest = items.iterator(); rest.hasNext(); ) {
      write(rest.next(), indent + "  ", out);
      out.append(rest.hasNext() ? ", " : "");
    }
    out.append(']');
  }

  private static void writeText(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static IllegalArgumentException notFinite(Number number) {
    return new IllegalArgumentException(
        "JSON report: " + number + " has no JSON form; report null where there is no number");
  }
}
