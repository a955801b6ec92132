package dev.forearm.models.safetensors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON (RFC 8259) that a safetensors header may hold: objects, arrays, strings and whole
 * numbers. Refuses duplicate keys, anything after the value but spaces, and nesting deeper than the
 * format has. Values come out as Map, List, String and Long.
 */
final class HeaderParser {
  private static final int DEPTH_LIMIT = 4;

  private final String text;
  private int at;

  private HeaderParser(String text) {
    this.text = text;
  }

  /**
   * Parses a whole text.
   *
   * @throws IllegalArgumentException saying what was wrong, and at which character
   */
  static Object parse(String text) {
    HeaderParser parser = new HeaderParser(text);
    Object value = parser.value(0);
    parser.skipSpace();
    if (parser.at != text.length()) {
      throw parser.wrong("something after the end");
    }
    return value;
  }

  private Object value(int depth) {
    skipSpace();
    if (depth > DEPTH_LIMIT) {
      throw wrong("nesting deeper than " + DEPTH_LIMIT);
    }
    char next = peek();
    if (next == '{') {
      return object(depth);
    }
    if (next == '[') {
      return array(depth);
    }
    if (next == '"') {
      return string();
    }
    return number();
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    expect('{');
    skipSpace();
    if (peek() == '}') {
      at++;
      return members;
    }
    while (true) {
      skipSpace();
      String key = string();
      skipSpace();
      expect(':');
      if (members.put(key, value(depth + 1)) != null) {
        throw wrong("key '" + key + "' a second time");
      }
      skipSpace();
      if (peek() == '}') {
        at++;
        return members;
      }
      expect(',');
    }
  }

  private List<Object> array(int depth) {
    List<Object> items = new ArrayList<>();
    expect('[');
    skipSpace();
    if (peek() == ']') {
      at++;
      return items;
    }
    while (true) {
      items.add(value(depth + 1));
      skipSpace();
      if (peek() == ']') {
        at++;
        return items;
      }
      expect(',');
    }
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = peek();
      at++;
      if (c == '"') {
        return out.toString();
      }
      if (c < 0x20) {
        throw wrong("a control character in a string");
      }
      out.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw wrong("escape '\\" + c + "'");
    };
  }

  private char unicode() {
    if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
      throw wrong("an incomplete \\u escape");
    }
    char c = (char) Integer.parseInt(text.substring(at, at + 4), 16);
    at += 4;
    return c;
  }

  private Long number() {
    int start = at;
    while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    if (!digits.matches("0|[1-9][0-9]{0,17}")) {
      at = start;
      throw wrong("no object, array, string or whole number");
    }
    return Long.valueOf(digits);
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong("the end");
    }
    return text.charAt(at);
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw wrong("'" + peek() + "', wanted '" + wanted + "'");
    }
    at++;
  }

  private IllegalArgumentException wrong(String found) {
    return new IllegalArgumentException("found %s at character %s".formatted(found, at));
  }
}
