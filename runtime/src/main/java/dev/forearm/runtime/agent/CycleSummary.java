package dev.forearm.runtime.agent;

/**
 * A thread's regularity in numbers.
 *
 * @param cycles run so far
 * @param missed cycles that started a whole period late or were given up
 * @param meanHz cycles per second from the first to the last
 * @param periodP50Micros median time from cycle to cycle
 * @param periodP99Micros 99th percentile
 * @param periodMaxMicros longest
 * @param wakeP50Micros median time from when a cycle was due to when it began
 * @param wakeP99Micros 99th percentile
 * @param wakeMaxMicros longest
 * @param workP50Micros median time that the duty took
 * @param workP99Micros 99th percentile
 * @param workMaxMicros longest
 * @param bytesPerCycle mean bytes allocated per cycle; NaN before the second
 */
public record CycleSummary(
    long cycles,
    long missed,
    double meanHz,
    double periodP50Micros,
    double periodP99Micros,
    double periodMaxMicros,
    double wakeP50Micros,
    double wakeP99Micros,
    double wakeMaxMicros,
    double workP50Micros,
    double workP99Micros,
    double workMaxMicros,
    double bytesPerCycle) {}
