package dev.forearm.models.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class OrtFunctionTest {
  @Test
  void everyPositionIsTheOneThatTheCompilerComputed() throws IOException {
    Map<String, Integer> computed = new HashMap<>();
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/ort_api_29.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(line -> line.split(" ", -1))
          .forEach(line -> computed.put(plain(line[1]), Integer.valueOf(line[0])));
    }
    for (OrtFunction function : OrtFunction.values()) {
      assertEquals(computed.get(plain(function.name())), function.index(), function.name());
    }
    assertEquals(
        OrtFunction.TABLE_SIZE, computed.values().stream().mapToInt(i -> i + 1).max().orElse(0));
  }

  @Test
  void anOlderLibraryServesItsOwnTableAndANewerOneOurs() {
    assertEquals(17, OrtNative.apiVersion("1.17.3"));
    assertEquals(29, OrtNative.apiVersion("1.29.0"));
    assertEquals(29, OrtNative.apiVersion("1.32.0"));
  }

  @Test
  void anUnknownVersionIsRefusedWithWhatWasFoundAndWanted() {
    for (String version : new String[] {"1.16.3", "2.0.0", "", "1", "one.two"}) {
      var refusal =
          assertThrows(IllegalArgumentException.class, () -> OrtNative.apiVersion(version));
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("'" + version + "'"), message);
      assertTrue(message.contains("1.17"), message);
    }
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }
}
