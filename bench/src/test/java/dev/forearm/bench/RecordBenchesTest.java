package dev.forearm.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordBenchesTest {
  @Test
  void everyMessageOfALongRecordingIsInItsFileOrReported() {
    Map<String, Double> values = new RecordSoakBench(2).run();
    assertEquals(0.0, values.get("unreported_drops"), values::toString);
    assertEquals(0.0, values.get("out_of_order"), values::toString);
    assertTrue(values.getOrDefault("file_mib", 0.0) > 1, values::toString);
  }

  @Test
  void aKillCostsNoFinishedEpisodeAndLeavesNoneThatCannotBeRead() {
    Map<String, Double> values = new RecordKillBench(2, 7).run();
    assertEquals(2.0, values.get("kills"), values::toString);
    assertEquals(0.0, values.get("finished_episodes_lost"), values::toString);
    assertEquals(0.0, values.get("broken_episodes"), values::toString);
  }
}
