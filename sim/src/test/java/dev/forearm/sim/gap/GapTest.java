package dev.forearm.sim.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GapTest {
  @Test
  void withoutAGapNothingIsOff() {
    Gap none = Gap.none();
    assertEquals(Collections.nCopies(8, 1.0), none.gain());
    assertEquals(Collections.nCopies(8, 0.0), none.bias());
    assertEquals(new MountShift(0, 0, 0, 0, 0, 0), none.tool());
    assertEquals(new MountShift(0, 0, 0, 0, 0, 0), none.sceneCamera());
    assertEquals(0, none.latencyNanos());
    assertEquals(1, none.frictionScale());
  }

  @Test
  void theStandardGapIsOffEverywhereButStartsTheSame() {
    Gap gap = Gap.standard();
    assertNotEquals(Gap.none().gain(), gap.gain());
    assertNotEquals(Gap.none().bias(), gap.bias());
    assertNotEquals(Gap.none().tool(), gap.tool());
    assertNotEquals(Gap.none().sceneCamera(), gap.sceneCamera());
    assertTrue(gap.latencyNanos() > 0);
    assertEquals(Gap.none().start(), gap.start());
  }

  @Test
  void theServoGapIsOnlyTheStandardGapsServos() {
    assertEquals(Gap.standard().only(Gap.Part.SERVOS), Gap.named("servo").orElseThrow());
  }

  @Test
  void onePartLeavesAllOthersAsTheyAreWithout() {
    for (Gap.Part part : Gap.Part.values()) {
      Gap only = Gap.standard().only(part);
      assertNotEquals(Gap.none(), only, part.label());
      assertEquals(Gap.none(), Gap.none().only(part), part.label());
      for (Gap.Part other : Gap.Part.values()) {
        assertEquals(other == part ? only : Gap.none(), only.only(other), part.label());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          latency_ms: 0           | latency_ms: 900        | latency_ms: found 900.0, wanted 0 to 200.0
          friction_scale: 1       | friction_scale: -1     | friction_scale: found -1.0, wanted a factor above 0
          friction_scale: 1       | frictoin_scale: 1      | unknown key; did you mean 'friction_scale'?
          bias: [0, 0, 0, 0, 0, 0, 0, 0] | bias: [0, 0]    | actuators.bias: found 2 numbers, wanted 8
          coverage: 1             | coverage: 1.5          | coverage is 1.5, wanted more than 0 and at most 1
          coverage: 1             | coverage: 0.1          | do not fit
          x_m: [0.36, 0.56]       | x_m: [0.56, 0.36]      | must each go from low to high
          """)
  void aWrongGapFileIsRefusedByWhatIsWrong(String right, String wrong, String reason)
      throws IOException {
    String text = bundled().replace(right, wrong);
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> Gap.parse(text, "wrong.yaml"));
    String message = String.valueOf(fault.getMessage());
    assertTrue(message.startsWith("wrong.yaml"), message);
    assertTrue(message.contains(reason), message);
  }

  private static String bundled() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(GapTest.class.getResourceAsStream("/gaps/none.yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
