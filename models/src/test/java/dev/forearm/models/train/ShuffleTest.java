package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShuffleTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 7, 16, 17, 100, 1000, 4097})
  void everyNumberComesUpOnce(long size) {
    for (long key = 0; key < 5; key++) {
      Shuffle shuffle = new Shuffle(size, key);
      BitSet seen = new BitSet();
      LongStream.range(0, size).forEach(i -> seen.set(Math.toIntExact(shuffle.at(i))));
      assertEquals(size, seen.cardinality());
      assertEquals(size, seen.length());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void neighboursAreTornApart(long key) {
    Shuffle shuffle = new Shuffle(10_000, key);
    double kept =
        LongStream.range(1, 10_000).filter(i -> shuffle.at(i) == shuffle.at(i - 1) + 1).count();
    assertEquals(1, kept, 8, "neighbours that stayed neighbours");
    assertNotEquals(new Shuffle(10_000, key + 1).at(0), shuffle.at(0));
  }
}
