/**
 * Calibration data with known truth: {@link dev.forearm.calibration.synthetic.SyntheticRig} draws
 * an arm, a camera and a board, moves the arm, and says what would be seen and read. For tests and
 * benchmarks.
 */
@NullMarked
package dev.forearm.calibration.synthetic;

import org.jspecify.annotations.NullMarked;
