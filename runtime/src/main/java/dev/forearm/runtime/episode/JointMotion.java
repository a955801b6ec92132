package dev.forearm.runtime.episode;

/**
 * What one joint was told and what it did in one episode. Both series ascend in time, at rates of
 * their own, on the episode's clock.
 *
 * @param joint its name
 * @param commandNanos when each command was sent
 * @param commands rad or m
 * @param positionNanos when each position was measured
 * @param positions rad or m
 */
@SuppressWarnings("ArrayRecordComponent") // long series, read and never compared
public record JointMotion(
    String joint,
    long[] commandNanos,
    double[] commands,
    long[] positionNanos,
    double[] positions) {}
