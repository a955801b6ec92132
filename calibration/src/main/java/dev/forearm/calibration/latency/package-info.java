/**
 * How much later one signal tells of the same motion than another: {@link
 * dev.forearm.calibration.latency.Delay}, by cross-correlation. Nothing has to be known of the gain
 * between the two. One thread.
 */
@NullMarked
package dev.forearm.calibration.latency;

import org.jspecify.annotations.NullMarked;
