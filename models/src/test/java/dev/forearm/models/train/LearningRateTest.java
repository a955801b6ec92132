package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void cosineFallsFromThePeakToTheFloorAndStaysThere() {
    LearningRate rate = new LearningRate.Cosine(1e-3, 1e-5, 100);
    assertEquals(1e-3, rate.at(0), 1e-15);
    assertEquals((1e-3 + 1e-5) / 2, rate.at(50), 1e-12);
    assertEquals(1e-5, rate.at(100), 1e-12);
    assertEquals(1e-5, rate.at(5000), 1e-12);
  }

  @Test
  void warmupRisesInEqualStepsAndHandsOver() {
    LearningRate rate = new LearningRate.Warmup(4, new LearningRate.Linear(1, 0, 10));
    assertEquals(0.25, rate.at(0));
    assertEquals(1.0, rate.at(3));
    assertEquals(1.0, rate.at(4));
    assertEquals(0.9, rate.at(5), 1e-12);
    assertEquals(0, rate.at(50));
  }

  @Test
  void decayDropsAtEveryInterval() {
    LearningRate rate = new LearningRate.Decay(8, 0.5, 10);
    assertEquals(8, rate.at(9));
    assertEquals(4, rate.at(10));
    assertEquals(1, rate.at(39));
  }

  @Test
  void aRateThatIsNotPositiveIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LearningRate.Constant(0));
    assertThrows(IllegalArgumentException.class, () -> new LearningRate.Constant(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new LearningRate.Cosine(1, 2, 10));
  }
}
