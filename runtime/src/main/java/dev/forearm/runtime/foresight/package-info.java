/**
 * How far an imagined future is to be believed. {@link dev.forearm.runtime.foresight.ForesightGate}
 * compares, in two channels, what was imagined with what came about and the plans of the last
 * horizon with each other, and judges each chunk by {@link
 * dev.forearm.runtime.foresight.ForesightLimits}; {@link
 * dev.forearm.runtime.foresight.ForesightCalibration} finds those from episodes that went well. The
 * gate is the inference thread's and allocates nothing.
 */
@NullMarked
package dev.forearm.runtime.foresight;

import org.jspecify.annotations.NullMarked;
