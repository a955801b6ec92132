package dev.forearm.sim.gap;

/**
 * How far something is mounted from where it is believed to be, in the frame it is believed to
 * have: a translation in m, then fixed-axis rotations roll about x, pitch about y, yaw about z in
 * rad.
 */
public record MountShift(double x, double y, double z, double roll, double pitch, double yaw) {}
