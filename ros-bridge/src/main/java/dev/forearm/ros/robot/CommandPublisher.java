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
 * waits with its next command until this one has left.
 */
public final class CommandPublisher implements CommandSink, Agent {
  private static final Logger LOG = LoggerFactory.getLogger(CommandPublisher.class);

  private final SignalSlot slot;
  private final CommandOutput output;
  private final SignalReading command;
  private final Doorbell bell = Doorbell.best();
  private long sent; // control thread's
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

  /** Until the control thread rings. */
  public Rest rest() {
    return Rest.untilRung(bell);
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
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public int doWork(long nowNanos) {
    if (!slot.read(command) || command.sequence() == taken) {
      return 0;
    }
    try {
      output.publish(command.values(), command.stampNanos());
    } catch (RosFault fault) {
      failed++;
      if (Long.bitCount(failed) == 1) {
        LOG.error("command not published ({} so far): {}", failed, fault.getMessage());
      }
    }
    taken = command.sequence();
    return 1;
  }

  /** The last command leaves as well. */
  @Override
  public void onClose() {
    int _ = doWork(0);
  }
}
