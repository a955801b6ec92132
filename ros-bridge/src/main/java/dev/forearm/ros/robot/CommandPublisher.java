package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries commands from the control thread to the transport on a thread of its own. The control
 * thread writes a slot and wakes this thread; the newest command wins, and one that was overtaken
 * before it could leave is counted.
 */
public final class CommandPublisher implements CommandSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandPublisher.class);

  private final SignalSlot slot;
  private final CommandOutput output;
  private final Thread thread;
  private volatile boolean open = true;
  private volatile long overtaken;
  private volatile long failed;

  CommandPublisher(Robot robot, CommandOutput output) {
    this.output = output;
    slot = new SignalSlot("command", robot.jointCount());
    thread = Thread.ofPlatform().name("forearm-command").daemon().start(this::run);
  }

  @Override
  public void send(double[] positions, long stampNanos) {
    slot.write(positions, 0, stampNanos, stampNanos);
    LockSupport.unpark(thread);
  }

  /** Commands that a newer one replaced before they were published. */
  public long overtaken() {
    return overtaken;
  }

  /** Commands that the transport refused. */
  public long failed() {
    return failed;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void run() {
    SignalReading command = new SignalReading(slot.width());
    long published = 0;
    while (open) {
      if (!slot.read(command) || command.sequence() == published) {
        LockSupport.park(this);
        continue;
      }
      overtaken += command.sequence() - published - 1;
      published = command.sequence();
      try {
        output.send(command.values(), command.stampNanos());
      } catch (RosFault fault) {
        failed++;
        if (Long.bitCount(failed) == 1) {
          LOG.error("command not published ({} so far): {}", failed, fault.getMessage());
        }
      }
    }
  }

  /** Ends the thread; commands sent later go nowhere. */
  @Override
  public void close() {
    open = false;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
