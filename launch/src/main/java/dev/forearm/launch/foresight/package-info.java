/**
 * How far foresight carries: {@code forearm foresight calibrate}, and the benchmark that lets
 * faults happen and counts which of them a calibrated gate sees.
 */
@NullMarked
package dev.forearm.launch.foresight;

import org.jspecify.annotations.NullMarked;
