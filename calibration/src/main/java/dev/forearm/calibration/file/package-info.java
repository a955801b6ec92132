/**
 * Calibration on disk. A {@link dev.forearm.calibration.file.Calibration} is read once at start;
 * its SHA-256 is what a policy bundle may name as the calibration it was trained under. Immutable,
 * any thread.
 */
@NullMarked
package dev.forearm.calibration.file;

import org.jspecify.annotations.NullMarked;
