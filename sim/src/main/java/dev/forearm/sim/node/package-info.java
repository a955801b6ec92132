/**
 * The simulator as a ROS 2 participant. {@link dev.forearm.sim.node.SimulatedRobot} joins the scene
 * to its topics, one physics step at a time, on whatever thread steps it: a lockstep run's own, or
 * the physics thread of {@link dev.forearm.sim.node.SimNode}, which adds real time and, on a thread
 * of their own, the cameras. Commands and resets come in on the transport's receive thread and are
 * handed over without waiting.
 */
@NullMarked
package dev.forearm.sim.node;

import org.jspecify.annotations.NullMarked;
