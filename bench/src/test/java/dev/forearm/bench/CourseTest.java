package dev.forearm.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CourseTest {
  private final Map<String, Double> report = new HashMap<>();

  @Test
  void whatGrowsSteadilyHasItsSlope() {
    Course course = new Course();
    for (int second = 100; second < 200; second++) {
      course.add(second, 5 + second / 360.0);
    }
    course.put(report, "rss_mib");
    assertEquals(10, report.getOrDefault("slope_rss_mib_per_hour", Double.NaN), 1e-9);
    assertEquals(5 + 104.5 / 360, report.getOrDefault("first_rss_mib", Double.NaN), 1e-9);
    assertEquals(5 + 194.5 / 360, report.getOrDefault("last_rss_mib", Double.NaN), 1e-9);
  }

  @Test
  void whatWasNeverSeenIsNoNumber() {
    new Course().put(report, "open_files");
    assertTrue(report.values().stream().allMatch(value -> Double.isNaN(value)));
  }
}
