package dev.forearm.runtime.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
