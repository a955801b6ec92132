/**
 * Kinematics of the serial arm: {@link dev.forearm.runtime.kinematics.SerialChain} turns joint
 * positions into the tool's pose and its Jacobian, {@link
 * dev.forearm.runtime.kinematics.InverseKinematics} a pose into joint positions. The safety filter,
 * the observation assembler and whoever plans by poses each own one. Nothing here allocates after
 * construction.
 */
@NullMarked
package dev.forearm.runtime.kinematics;

import org.jspecify.annotations.NullMarked;
