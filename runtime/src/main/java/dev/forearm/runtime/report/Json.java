package dev.forearm.runtime.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) as values: maps with string keys, iterables, strings, numbers, booleans and null.
 * Safe from any thread.
 */
public final class Json {
  /** More than what we read has. */
  private static final int MOST_NESTING = 6;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MOST_NESTING).build())
          .build();

  /** By two spaces, with {@code \n} on every system. */
  private static final DefaultPrettyPrinter INDENTED =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Spacing.AFTER)
                  .withObjectEmptySeparator("")
                  .withArrayEmptySeparator(""))
          .withObjectIndenter(new DefaultIndenter("  ", "\n"));

  private Json() {}

  /**
   * The text of {@code value}, indented, keys in the map's order.
   *
   * @throws IllegalArgumentException for a type JSON has no form for, and for a number that is not
   *     finite: a report with a hole in it says null
   */
  public static String write(@Nullable Object value) {
    return text(value, INDENTED.createInstance());
  }

  /** As {@link #write}, without any space. */
  public static String writeCompact(@Nullable Object value) {
    return text(value, new MinimalPrettyPrinter());
  }

  private static String text(@Nullable Object value, PrettyPrinter form) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      write(value, out.setPrettyPrinter(form));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Double number when !Double.isFinite(number) -> throw notFinite(number);
      case Float number when !Float.isFinite(number) -> throw notFinite(number);
      case Number number -> out.writeNumber(number.toString());
      case Boolean yes -> out.writeBoolean(yes);
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.writeFieldName(String.valueOf(entry.getKey()));
          write(entry.getValue(), out);
        }
        out.writeEndObject();
      }
      case Iterable<?> items -> {
        out.writeStartArray();
        for (Object item : items) {
          write(item, out);
        }
        out.writeEndArray();
      }
      default ->
          throw new IllegalArgumentException(
              "JSON report: a %s has no JSON form; give a map, an iterable, a string, a number or a boolean"
                  .formatted(value.getClass().getName()));
    }
  }

  private static IllegalArgumentException notFinite(Number number) {
    return new IllegalArgumentException(
        "JSON report: " + number + " has no JSON form; report null where there is no number");
  }

  /**
   * The value of a whole text: Map in the text's order, List, String, Boolean, null, Long for whole
   * numbers and Double for others.
   *
   * @throws IllegalArgumentException saying what was wrong and where: no JSON, a key twice, a whole
   *     number that no Long holds, nesting deeper than six, something after the value
   */
  public static @Nullable Object read(String text) {
    try (JsonParser in = FACTORY.createParser(text)) {
      Object value = value(in, in.nextToken());
      if (in.nextToken() != null) {
        throw new IllegalArgumentException(
            "found something after the end" + at(in.currentLocation()));
      }
      return value;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e.getOriginalMessage() + at(e.getLocation()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Object value(JsonParser in, @Nullable JsonToken token)
      throws IOException {
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
          members.put(key, value(in, in.nextToken()));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
          items.add(value(in, next));
        }
        yield items;
      }
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> in.getLongValue();
      case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null, default -> throw new IllegalArgumentException("found no value");
    };
  }

  private static String at(@Nullable JsonLocation place) {
    return place == null
        ? ""
        : " at line %s, column %s".formatted(place.getLineNr(), place.getColumnNr());
  }
}
