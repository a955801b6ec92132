package dev.forearm.ros.robot;

import dev.forearm.ros.Publication;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.foresight.ForesightReading;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;

/**
 * Publishes what the foresight gate finds, as {@link ForesightMessage}. The inference thread writes
 * a slot; the agent encodes and publishes on a thread of its own, and misses a step rather than
 * have anybody wait.
 */
public final class ForesightPublisher implements RuntimeTap, Agent {
  private final Publication publication;
  private final SignalSlot slot = new SignalSlot("foresight", ForesightMessage.VALUES);
  private final double[] found = new double[ForesightMessage.VALUES]; // inference thread's
  private final SignalReading newest = new SignalReading(ForesightMessage.VALUES);
  private final ForesightMessage message = new ForesightMessage();
  private final CdrWriter writer = new CdrWriter(256);
  private long published;

  ForesightPublisher(Publication publication) {
    this.publication = publication;
  }

  @Override
  public String name() {
    return "foresight";
  }

  @Override
  public void gated(ForesightReading reading, long stampNanos) {
    ForesightMessage.copy(reading, found);
    slot.write(found, 0, stampNanos, stampNanos);
  }

  @Override
  public int doWork(long nowNanos) {
    if (!slot.read(newest) || newest.sequence() == published) {
      return 0;
    }
    published = newest.sequence();
    message.of(newest.values()).encode(writer);
    publication.publish(writer);
    return 1;
  }
}
