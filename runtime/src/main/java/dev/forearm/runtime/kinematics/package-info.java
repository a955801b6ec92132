/**
 * Kinematics of the serial arm: {@link dev.forearm.runtime.kinematics.SerialChain} turns joint
 * positions into the tool's pose and its Jacobian. The safety filter, the observation assembler and
 * the simulator's inverse kinematics each own one. Nothing here allocates after construction.
 */
@NullMarked
package dev.forearm.runtime.kinematics;

import org.jspecify.annotations.NullMarked;
