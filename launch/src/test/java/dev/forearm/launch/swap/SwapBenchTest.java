package dev.forearm.launch.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SwapBenchTest {
  @Test
  void missesAreDueToSwapsWhereTheyAreMoreThanChanceWouldHave() {
    assertEquals(0, SwapBench.due(0, 0));
    assertEquals(0, SwapBench.due(4, 0), "one time in 16");
    assertEquals(5, SwapBench.due(5, 0), "one time in 32");
    assertEquals(0, SwapBench.due(8, 6));
    assertEquals(0, SwapBench.due(2, 9));
    assertEquals(30, SwapBench.due(60, 30));
  }
}
