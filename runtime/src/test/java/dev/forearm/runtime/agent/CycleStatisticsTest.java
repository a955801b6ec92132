package dev.forearm.runtime.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CycleStatisticsTest {
  private static final long PERIOD = 2_000_000;
  private final CycleStatistics statistics = new CycleStatistics();

  @Test
  void regularCyclesHaveTheirRateAndPeriod() {
    run(2000, 0);
    CycleSummary summary = statistics.summary();
    assertEquals(2000, summary.cycles());
    assertEquals(500, summary.meanHz(), 1e-9);
    assertEquals(2000, summary.periodP50Micros(), 2);
    assertEquals(2000, summary.periodMaxMicros(), 2);
    assertEquals(100, summary.workP50Micros(), 0.2);
    assertEquals(5, summary.wakeP99Micros(), 0.01);
  }

  @Test
  void oneLateCycleShowsInTheMaximum() {
    run(1000, 0);
    run(1000, 1000 * PERIOD + 1_500_000);
    CycleSummary summary = statistics.summary();
    assertEquals(3500, summary.periodMaxMicros(), 4);
    assertEquals(2000, summary.periodP50Micros(), 2);
  }

  @Test
  void missedDeadlinesAddUp() {
    run(10, 0);
    statistics.missed(3);
    statistics.missed(1);
    assertEquals(4, statistics.summary().missed());
  }

  @Test
  void bytesAreCountedFromTheFirstCycleOn() {
    statistics.begin(0, 0);
    assertTrue(Double.isNaN(statistics.summary().bytesPerCycle()));
    byte[] kept = new byte[10_000];
    statistics.begin(PERIOD, 0);
    assertEquals(10_000, kept.length);
    assertTrue(statistics.summary().bytesPerCycle() >= 10_000);
  }

  private void run(int cycles, long from) {
    for (int i = 0; i < cycles; i++) {
      statistics.begin(from + i * PERIOD, 5_000);
      statistics.end(from + i * PERIOD + 100_000);
    }
  }
}
