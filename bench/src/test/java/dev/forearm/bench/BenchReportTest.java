package dev.forearm.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BenchReportTest {
  @Test
  void whatWasNotMeasuredIsNullInJson() {
    Map<String, Double> values = Map.of("a", 1.5, "b", Double.NaN, "c", Double.POSITIVE_INFINITY);
    Map<String, Object> json =
        new BenchReport("x", "machine", "unknown", Instant.EPOCH, values).toJson();
    Map<String, @Nullable Object> wanted = new HashMap<>();
    wanted.put("a", 1.5);
    wanted.put("b", null);
    wanted.put("c", null);
    assertEquals(wanted, json.get("values"));
  }
}
