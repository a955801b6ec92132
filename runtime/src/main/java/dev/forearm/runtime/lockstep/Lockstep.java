package dev.forearm.runtime.lockstep;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.robot.Robot;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Steps a robot deterministically. In every step time advances by one physics step; then come, in
 * this order, the physics, the policy if it is due, a chunk whose modelled inference time is over,
 * control if it is due, and whatever carries its command away. One thread owns everything.
 */
public final class Lockstep {
  private static final long NOTHING_PENDING = Long.MAX_VALUE;

  private final SimulatedClock clock;
  private final Physics physics;
  private final PolicyLoop policy;
  private final ControlLoop control;
  private final Runnable commands;
  private final long physicsStepNanos;
  private final long policyPeriodNanos;
  private final long controlPeriodNanos;
  private final LongSupplier inferenceNanos;
  private long publishNanos = NOTHING_PENDING;

  /**
   * Wires a run.
   *
   * @param commands carries away what the control loop sent
   * @param physicsStepNanos must divide the robot's control and policy period
   * @param inferenceNanos modelled time from observation to chunk; 0 publishes at once
   */
  public Lockstep(
      SimulatedClock clock,
      Robot robot,
      Physics physics,
      PolicyLoop policy,
      ControlLoop control,
      Runnable commands,
      long physicsStepNanos,
      long inferenceNanos) {
    this(clock, robot, physics, policy, control, commands, physicsStepNanos, () -> inferenceNanos);
  }

  /**
   * Wires a run whose modelled inference time changes.
   *
   * @param inferenceNanos asked at each plan; while one is made no other is begun
   * @see #Lockstep(SimulatedClock, Robot, Physics, PolicyLoop, ControlLoop, Runnable, long, long)
   */
  public Lockstep(
      SimulatedClock clock,
      Robot robot,
      Physics physics,
      PolicyLoop policy,
      ControlLoop control,
      Runnable commands,
      long physicsStepNanos,
      LongSupplier inferenceNanos) {
    controlPeriodNanos = robot.controlPeriodNanos();
    policyPeriodNanos = robot.policyPeriodNanos();
    if (physicsStepNanos <= 0
        || controlPeriodNanos % physicsStepNanos != 0
        || policyPeriodNanos % physicsStepNanos != 0) {
      throw new IllegalArgumentException(
          ("lockstep: a physics step of %s ns does not divide the control period of %s ns and the"
                  + " policy period of %s ns")
              .formatted(physicsStepNanos, controlPeriodNanos, policyPeriodNanos));
    }
    this.clock = clock;
    this.physics = physics;
    this.policy = policy;
    this.control = control;
    this.commands = commands;
    this.physicsStepNanos = physicsStepNanos;
    this.inferenceNanos = inferenceNanos;
  }

  /** Simulated time, nanoseconds. */
  public long nanos() {
    return clock.nanos();
  }

  /** One physics step, and whatever else is due then. */
  public void step() {
    clock.advance(physicsStepNanos);
    long now = clock.nanos();
    physics.step(now);
    publishIfInferred(now);
    if (now % policyPeriodNanos == 0 && publishNanos == NOTHING_PENDING) {
      policy.plan(now);
      publishNanos = now + inferenceNanos.getAsLong();
      publishIfInferred(now);
    }
    if (now % controlPeriodNanos == 0) {
      control.tick(now);
      commands.run();
    }
  }

  /**
   * Steps until {@code done} or until simulated time has advanced by {@code limitNanos}.
   *
   * @return whether it was done within the limit
   */
  public boolean runUntil(BooleanSupplier done, long limitNanos) {
    long end = clock.nanos() + limitNanos;
    while (!done.getAsBoolean()) {
      if (clock.nanos() >= end) {
        return false;
      }
      step();
    }
    return true;
  }

  private void publishIfInferred(long now) {
    if (now >= publishNanos) {
      policy.publish();
      publishNanos = NOTHING_PENDING;
    }
  }
}
