package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ort.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MixtureTest {
  /** Rows whose only value is {@code first}, {@code first + 1} and so on. */
  private static Examples counting(String name, int rows, int first) {
    MemorySegment values = Arena.ofAuto().allocate(JAVA_FLOAT, rows);
    for (int i = 0; i < rows; i++) {
      values.setAtIndex(JAVA_FLOAT, i, first + i);
    }
    return new Examples(
        name, Map.of("x", new Examples.Column(ElementType.FLOAT32, List.of(), values)));
  }

  private static List<Integer> draw(Mixture mixture, int rows) {
    MemorySegment target = Arena.ofAuto().allocate(JAVA_FLOAT, rows);
    mixture.draw(Map.of("x", target), rows);
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      drawn.add((int) target.getAtIndex(JAVA_FLOAT, i));
    }
    return drawn;
  }

  @Test
  void everyEpochReadsEveryRowOnceInAnOrderOfItsOwn() {
    Mixture mixture = Mixture.of(counting("a", 50, 0), 3);
    List<Integer> first = draw(mixture, 50);
    List<Integer> second = draw(mixture, 50);
    assertEquals(50, first.stream().distinct().count());
    assertEquals(50, second.stream().distinct().count());
    assertFalse(first.equals(second));
  }

  @Test
  void sourcesKeepTheirProportionInEveryStretch() {
    Mixture mixture =
        new Mixture(
            List.of(
                new Mixture.Part(counting("new", 7, 0), 3),
                new Mixture.Part(counting("old", 1000, 1000), 1)),
            9,
            true);
    for (int batch = 0; batch < 40; batch++) {
      long old = draw(mixture, 16).stream().filter(row -> row >= 1000).count();
      assertEquals(4, old);
    }
    assertArrayEquals(new long[] {480, 160}, mixture.position());
  }

  @Test
  void aResumedMixtureDrawsWhatTheFirstWouldHave() {
    Mixture mixture = Mixture.of(counting("a", 13, 0), 3);
    draw(mixture, 29);
    long[] position = mixture.position();
    List<Integer> wanted = draw(mixture, 40);
    Mixture resumed = Mixture.of(counting("a", 13, 0), 3);
    resumed.resume(position);
    assertEquals(wanted, draw(resumed, 40));
  }

  @Test
  void anUnshuffledMixtureReadsInOrder() {
    Mixture mixture = new Mixture(List.of(new Mixture.Part(counting("a", 3, 0), 1)), 3, false);
    assertEquals(List.of(0, 1, 2, 0, 1), draw(mixture, 5));
  }

  @Test
  void columnsOfDifferentLengthAreRefused() {
    MemorySegment memory = Arena.ofAuto().allocate(JAVA_FLOAT, 6);
    Examples.Column six = new Examples.Column(ElementType.FLOAT32, List.of(), memory);
    Examples.Column three = new Examples.Column(ElementType.FLOAT32, List.of(2L), memory);
    ModelsFault fault =
        assertThrows(
            ModelsFault.class,
            () -> new Examples("bad.npz", new TreeMap<>(Map.of("x", six, "y", three))));
    assertTrue(String.valueOf(fault.getMessage()).contains("examples bad.npz: column 'y'"));
  }
}
