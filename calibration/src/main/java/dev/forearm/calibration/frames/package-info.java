/**
 * Coordinate frames that cannot be mixed up. A {@link
 * dev.forearm.calibration.frames.RigidTransform} knows the two frames it connects; composing or
 * applying it in the wrong frame throws instead of moving the arm to the wrong place. Immutable
 * values, any thread.
 */
@NullMarked
package dev.forearm.calibration.frames;

import org.jspecify.annotations.NullMarked;
