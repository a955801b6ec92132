/**
 * The deployment gap: how the robot at work differs from the robot of the demonstrations. {@link
 * dev.forearm.sim.gap.Gap} is one such difference, read from a YAML file into validated, immutable
 * records; the scene is built from it.
 */
@NullMarked
package dev.forearm.sim.gap;

import org.jspecify.annotations.NullMarked;
