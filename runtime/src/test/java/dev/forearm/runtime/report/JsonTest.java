package dev.forearm.runtime.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class JsonTest {
  @Test
  void whatIsWrittenReadsBackAsTheSame() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("episodes", 3);
    report.put("rate", 499.98);
    report.put("ok", true);
    report.put("nothing", null);
    report.put("empty", Map.of());
    report.put("files", List.of("a b.mcap", "quote \" back \\ line \n bell \u0007 snow ☃"));
    report.put("values", Map.of("decode_ns", 12.5));

    Object read = new Load(LoadSettings.builder().build()).loadFromString(Json.write(report));

    assertEquals(report, read);
  }

  @Test
  void whatIsWrittenIsReadAsItWas() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("seed", Long.MIN_VALUE);
    report.put("loss", 1e-300);
    report.put("files", List.of(true, "\u0000 \" snow \u2603", List.of(), Map.of()));
    assertEquals(report, Json.read(Json.write(report)));
    assertEquals(report, Json.read(Json.writeCompact(report)));
    assertEquals(
        "{\"a\":[1,2],\"b\":{}}", Json.writeCompact(Json.read("{\"a\":[1, 2],\"b\":{ }}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{} x",
        "{} {}",
        "{\"a\": 1, \"a\": 1}",
        "[[[[[[[1]]]]]]]",
        "9223372036854775808",
        "01",
        "NaN",
        "'a'",
        "\"\\ud\"",
        "\"\t\""
      })
  void whatIsNoPlainJsonIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Json.read(text));
  }

  @Test
  void aNumberThatIsNotFiniteIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Json.write(List.of(Double.NaN)));
    assertThrows(
        IllegalArgumentException.class, () -> Json.write(List.of(Float.POSITIVE_INFINITY)));
  }

  @Test
  void aTypeWithoutJsonFormIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
  }
}
