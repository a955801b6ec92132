package dev.forearm.datasets.lerobot;

import dev.forearm.runtime.report.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * How often each level of red, green and blue was seen: all that the statistics of pictures need,
 * exactly, however many there are.
 */
final class PixelLevels {
  private static final int LEVELS = 256;
  private static final int CHANNELS = 3;

  private final long[][] counts = new long[CHANNELS][LEVELS];
  private long pictures;

  /** Adds a picture, [pixel][red, green, blue]. */
  void add(byte[] rgb) {
    for (int i = 0; i < rgb.length; i++) {
      counts[i % CHANNELS][rgb[i] & 0xff]++;
    }
    pictures++;
  }

  void add(PixelLevels other) {
    for (int channel = 0; channel < CHANNELS; channel++) {
      for (int level = 0; level < LEVELS; level++) {
        counts[channel][level] += other.counts[channel][level];
      }
    }
    pictures += other.pictures;
  }

  /** LeRobot's statistics, of levels from 0 to 1, each [channel][1][1]; count is in pictures. */
  Map<String, Object> statistics() {
    Map<String, List<Object>> each = new LinkedHashMap<>();
    for (long[] channel : counts) {
      long total = LongStream.of(channel).sum();
      double sum = 0;
      double squares = 0;
      for (int level = 0; level < LEVELS; level++) {
        sum += (double) level * channel[level];
        squares += (double) level * level * channel[level];
      }
      double mean = sum / total;
      double variance = Math.max(0, squares / total - mean * mean);
      put(each, "min", level(channel, 0));
      put(each, "max", level(channel, total - 1));
      put(each, "mean", mean);
      put(each, "std", Math.sqrt(variance));
      put(each, "q01", quantile(channel, total, 0.01));
      put(each, "q10", quantile(channel, total, 0.10));
      put(each, "q50", quantile(channel, total, 0.50));
      put(each, "q90", quantile(channel, total, 0.90));
      put(each, "q99", quantile(channel, total, 0.99));
    }
    Map<String, Object> statistics = new LinkedHashMap<>(each);
    statistics.put("count", List.of(pictures));
    return statistics;
  }

  private static void put(Map<String, List<Object>> each, String name, double level) {
    each.computeIfAbsent(name, _ -> new ArrayList<>()).add(List.of(List.of(level / (LEVELS - 1))));
  }

  /** The level of a place in the order of levels. */
  private static double level(long[] counts, long place) {
    long below = 0;
    for (int level = 0; level < LEVELS; level++) {
      below += counts[level];
      if (place < below) {
        return level;
      }
    }
    return LEVELS - 1;
  }

  /** Between neighbours linearly, as NumPy does. */
  private static double quantile(long[] counts, long total, double fraction) {
    double place = fraction * (total - 1);
    long below = (long) place;
    double low = level(counts, below);
    double high = level(counts, Math.min(total - 1, below + 1));
    return low + (place - below) * (high - low);
  }

  /** As JSON, for {@link #parse}. */
  List<Object> toJson() {
    List<Object> json = new ArrayList<>(List.of(pictures));
    for (long[] channel : counts) {
      json.add(LongStream.of(channel).boxed().toList());
    }
    return json;
  }

  /** What {@link #toJson} wrote and {@link Json#read} read. */
  static PixelLevels parse(List<?> json) {
    PixelLevels levels = new PixelLevels();
    levels.pictures = ((Number) json.getFirst()).longValue();
    for (int channel = 0; channel < CHANNELS; channel++) {
      List<?> counts = (List<?>) json.get(1 + channel);
      for (int level = 0; level < LEVELS; level++) {
        levels.counts[channel][level] = ((Number) counts.get(level)).longValue();
      }
    }
    return levels;
  }
}
