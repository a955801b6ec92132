/**
 * Any robot as an arm in MuJoCo. {@link dev.forearm.sim.arm.ArmModel} makes the description out of
 * a robot file, {@link dev.forearm.sim.arm.ArmScene} is one such arm and its state. There is
 * nothing around it: no table, no objects, and it passes through itself.
 */
@NullMarked
package dev.forearm.sim.arm;

import org.jspecify.annotations.NullMarked;
