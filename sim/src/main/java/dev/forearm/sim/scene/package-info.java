/**
 * The simulated table top. {@link dev.forearm.sim.scene.Tabletop} is the scene: physics, joints,
 * objects, seeded starts. {@link dev.forearm.sim.scene.ArmDrive} is the robot's own controller: it
 * turns the newest command into what the servos are told, with the gap's faults, and holds where
 * the arm is when commands stop. {@link dev.forearm.sim.scene.ObjectVision} yields the object poses
 * a vision system would. {@link dev.forearm.sim.scene.Fault} says what may go wrong in an episode.
 * All belong to the thread that steps the physics and allocate nothing there.
 */
@NullMarked
package dev.forearm.sim.scene;

import org.jspecify.annotations.NullMarked;
