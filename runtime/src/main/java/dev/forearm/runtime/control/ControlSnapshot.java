package dev.forearm.runtime.control;

import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;

/**
 * What the control loop was doing at the end of one cycle. Joint arrays are in command order, rad
 * or m (velocity per second), and the receiver's own.
 *
 * @param nanos time of the cycle on the runtime's clock
 * @param cycle counts cycles from 1; 0 before the first
 * @param culprit the signal, joint or agent behind {@code reason}, or empty
 * @param chunkSequence of the newest chunk
 * @param fenced whether the fence slowed the command: workspace, boxes to keep out of, the arm
 *     itself
 */
@SuppressWarnings("ArrayRecordComponent")
public record ControlSnapshot(
    long nanos,
    long cycle,
    SafetyState state,
    SafetyReason reason,
    String culprit,
    long chunkSequence,
    boolean fenced,
    double[] command,
    double[] commandVelocity,
    double[] measured) {}
