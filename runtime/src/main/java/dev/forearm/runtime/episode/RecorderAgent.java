package dev.forearm.runtime.episode;

import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.Rest;

/** The recorder's duty: drains the rings, and gives the open episode up if that fails. */
public final class RecorderAgent implements Agent {
  private static final long REST_NANOS = 4_000_000;

  private final EpisodeRecorder recorder;

  public RecorderAgent(EpisodeRecorder recorder) {
    this.recorder = recorder;
  }

  /** Bounds what one wake-up costs; a ring holds what comes meanwhile. */
  public static Rest rest() {
    return Rest.forNanos(REST_NANOS);
  }

  @Override
  public String name() {
    return "recorder";
  }

  @Override
  public int doWork(long nowNanos) {
    try {
      recorder.drain();
      return 0;
    } catch (RuntimeException e) {
      recorder.fail(e);
      throw e;
    }
  }
}
