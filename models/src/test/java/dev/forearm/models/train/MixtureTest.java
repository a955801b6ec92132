package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MixtureTest {
  /** Rows whose only value is {@code first}, {@code first + 1} and so on. */
  private static RowStore counting(String name, int rows, int first) {
    return HandGraph.store(name, Map.of("x", numbers(rows, first)));
  }

  private static HostTensor numbers(int rows, int first) {
    float[] values = new float[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = first + i;
    }
    return HostTensor.ofFloats(new long[] {rows}, values);
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
    assertEquals(
        List.of(480L, 160L), mixture.position().stream().map(Mixture.Position::drawn).toList());
  }

  @Test
  void aResumedMixtureDrawsWhatTheFirstWouldHave() {
    Mixture mixture = Mixture.of(counting("a", 13, 0), 3);
    draw(mixture, 29);
    List<Mixture.Position> position = mixture.position();
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
  void rowsThatComeAreDrawnFromTheNextDrawOnAndRowsThatGoNeverAgain() {
    RowStore store = counting("a", 10, 0);
    Mixture mixture = Mixture.of(store, 3);
    draw(mixture, 4);
    store.append(Map.of("x", numbers(5, 10)));
    List<Integer> grown = draw(mixture, 15);
    assertEquals(15, grown.stream().distinct().count());
    assertTrue(grown.contains(14));
    store.keepNewest(5);
    assertEquals(List.of(10, 11, 12, 13, 14), draw(mixture, 5).stream().sorted().toList());
  }

  @Test
  void drawsFollowFromTheSeedAndFromWhatWasThereAtEach() {
    List<List<Integer>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      RowStore store = counting("a", 10, 0);
      Mixture mixture = Mixture.of(store, 3);
      List<Integer> drawn = new ArrayList<>(draw(mixture, 13));
      store.append(Map.of("x", numbers(7, 10)));
      drawn.addAll(draw(mixture, 6));
      if (run == 1) { // as a run that was killed here goes on
        RowStore again = counting("a", 10, 0);
        again.append(Map.of("x", numbers(7, 10)));
        List<Mixture.Position> saved = mixture.position();
        mixture = Mixture.of(again, 3);
        mixture.resume(saved);
      }
      drawn.addAll(draw(mixture, 30));
      runs.add(drawn);
    }
    assertEquals(runs.getFirst(), runs.getLast());
  }

  @Test
  void aPositionInOtherRowsBeginsAnEpoch() {
    Mixture mixture = Mixture.of(counting("a", 10, 0), 3);
    draw(mixture, 9);
    Mixture more = Mixture.of(counting("a", 20, 0), 3);
    more.resume(mixture.position());
    assertEquals(20, draw(more, 20).stream().distinct().count());
  }

  @Test
  void aSourceWithoutRowsIsRefusedByName() {
    RowStore.Column column = new RowStore.Column(ElementType.FLOAT32, List.of());
    Mixture mixture = Mixture.of(new RowStore("new", Map.of("x", column)), 1);
    String message = Refusal.of(() -> draw(mixture, 1));
    assertTrue(message.contains("rows of new: found none"), message);
  }
}
