package dev.forearm.calibration.file;

/**
 * What a joint reads wrong: it is at its reading plus this.
 *
 * @param joint its name
 * @param offset rad or m
 * @param error standard error, rad or m
 */
public record JointOffset(String joint, double offset, double error) {}
