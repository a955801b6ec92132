/**
 * What servos make of commands, identified from episodes that were recorded anyway: {@link
 * dev.forearm.calibration.actuators.ActuatorIdentification} fits gain, bias and lag of each joint
 * to what it was commanded and what it did. Nobody has to label, to move the arm in a special way
 * or to measure anything. One thread.
 */
@NullMarked
package dev.forearm.calibration.actuators;

import org.jspecify.annotations.NullMarked;
