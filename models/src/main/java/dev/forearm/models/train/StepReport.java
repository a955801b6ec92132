package dev.forearm.models.train;

import java.util.OptionalDouble;

/**
 * What one training step did.
 *
 * @param step its number, from 1
 * @param loss mean over the rows of the step, before the weights moved
 * @param gradientNorm length of the gradient before clipping; empty if the settings do not clip
 * @param rate learning rate applied
 * @param nanos time it took
 */
public record StepReport(
    long step, double loss, OptionalDouble gradientNorm, double rate, long nanos) {}
