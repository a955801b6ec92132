package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.Doorbell;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries commands from the control thread to the transport. The control thread writes a slot and
 * rings; the agent encodes and publishes, on a thread of its own in real time. The control loop
 * waits with its next command until this one has left. A servo that would go on without commands is
 * stopped where none come.
 */
public final class CommandPublisher implements CommandSink, Agent {
  private static final Logger LOG = LoggerFactory.getLogger(CommandPublisher.class);

  private final SignalSlot slot;
  private final CommandOutput output;
  private final SignalReading command;
  private final Doorbell bell = Doorbell.best();
  private long sent; // control thread's
  private volatile long starts; // written by it before the command that it is about
  private long startsTaken;
  private volatile long taken;
  private volatile long failed;

  CommandPublisher(Robot robot, CommandOutput output) {
    this.output = output;
    slot = new SignalSlot("command", robot.jointCount());
    command = new SignalReading(slot.width());
  }

  /** The newest command, for {@link CommandGoals}. */
  SignalSlot slot() {
    return slot;
  }

  /** Until the control thread rings, or it is time to look whether it does. */
  public Rest rest() {
    return output.coasts()
        ? new Rest.ByTheBell(TwistPublisher.QUIET_NANOS / 2, bell)
        : Rest.untilRung(bell);
  }

  @Override
  public String name() {
    return "commands";
  }

  @Override
  public boolean ready() {
    return taken == sent;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void startOver() {
    starts++;
  }

  @Override
  public void send(double[] positions, long stampNanos) {
    sent++;
    slot.write(positions, 0, stampNanos, stampNanos);
    bell.ring();
  }

  /** Commands that the transport refused. Any thread. */
  public long failed() {
    return failed;
  }

  @Override
  public int doWork(long nowNanos) {
    if (!slot.read(command) || command.sequence() == taken) {
      lookForSilence(nowNanos);
      return 0;
    }
    boolean anew = starts != startsTaken;
    startsTaken = starts;
    try {
      output.publish(command.values(), anew, command.stampNanos());
    } catch (RosFault fault) {
      refused(fault);
    }
    taken = command.sequence();
    return 1;
  }

  /** The last command leaves as well, and what would go on without one stops. */
  @Override
  public void onClose() {
    int _ = doWork(command.stampNanos());
    try {
      output.stop(command.stampNanos());
    } catch (RosFault fault) {
      refused(fault);
    }
  }

  private void lookForSilence(long nowNanos) {
    try {
      output.look(nowNanos);
    } catch (RosFault fault) {
      refused(fault);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void refused(RosFault fault) {
    failed++;
    if (Long.bitCount(failed) == 1) {
      LOG.error("command not published ({} so far): {}", failed, fault.getMessage());
    }
  }
}
