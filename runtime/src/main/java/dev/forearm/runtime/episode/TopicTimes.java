package dev.forearm.runtime.episode;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * When one topic's messages were recorded.
 *
 * @param topic its name
 * @param type full ROS name of its messages
 * @param messages how many
 * @param bytes of their payload
 * @param periodNanos from one to the next, median; 0 of fewer than two
 * @param gaps where a topic with a beat missed it; empty of topics without
 * @param stepsBack messages whose publisher's stamp is older than that of the one before
 */
public record TopicTimes(
    String topic,
    String type,
    long messages,
    long bytes,
    long periodNanos,
    List<Gap> gaps,
    long stepsBack) {
  /** A topic has a beat if nine of ten intervals are at most twice the median one. */
  private static final int BEAT_PERIODS = 2;

  private static final int BEAT_MESSAGES = 20;

  /** Longer than so many periods, and than {@link #GAP_NANOS}, is a gap. */
  private static final int GAP_PERIODS = 5;

  private static final long GAP_NANOS = 100_000_000;

  /**
   * No message for longer than the topic's beat allows.
   *
   * @param fromNanos log time of the last one before
   * @param nanos until the next one
   */
  public record Gap(long fromNanos, long nanos) {}

  /** Messages a second, by the median period; 0 of fewer than two. */
  public double rateHz() {
    return periodNanos == 0 ? 0 : 1e9 / periodNanos;
  }

  /** The longest gap, ns; 0 if there is none. */
  public long longestGapNanos() {
    return gaps.stream().mapToLong(Gap::nanos).max().orElse(0);
  }

  /** Gathers one topic's times. */
  static final class Builder {
    private final String topic;
    private final String type;
    private long[] logNanos = new long[256];
    private int messages;
    private long bytes;
    private long stampNanos = Long.MIN_VALUE;
    private long stepsBack;

    Builder(String topic, String type) {
      this.topic = topic;
      this.type = type;
    }

    /** Adds a message, in the order of log times. */
    void add(long nanos, long publishNanos, int size) {
      if (messages == logNanos.length) {
        logNanos = Arrays.copyOf(logNanos, 2 * messages);
      }
      logNanos[messages++] = nanos;
      bytes += size;
      stepsBack += publishNanos < stampNanos ? 1 : 0;
      stampNanos = publishNanos;
    }

    TopicTimes build() {
      int intervals = Math.max(0, messages - 1);
      long[] sorted =
          IntStream.range(0, intervals)
              .mapToLong(i -> logNanos[i + 1] - logNanos[i])
              .sorted()
              .toArray();
      long period = intervals == 0 ? 0 : sorted[intervals / 2];
      boolean beats =
          messages >= BEAT_MESSAGES && sorted[intervals * 9 / 10] <= BEAT_PERIODS * period;
      long longest = Math.max(GAP_PERIODS * period, GAP_NANOS);
      List<Gap> gaps =
          IntStream.range(0, beats ? intervals : 0)
              .mapToObj(i -> new Gap(logNanos[i], logNanos[i + 1] - logNanos[i]))
              .filter(gap -> gap.nanos() > longest)
              .toList();
      return new TopicTimes(topic, type, messages, bytes, period, gaps, stepsBack);
    }
  }
}
