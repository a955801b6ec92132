package dev.forearm.runtime.inference;

import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.safety.SafetyReason;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of refused chunks: when a reason begins, and of each at most every ten seconds of real
 * time, with how often it began since; in lockstep an hour of them passes in a minute. {@link
 * InferenceStatistics} counts every one. Used by the inference thread.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyLoop.class);
  private static final long EVERY_NANOS = 10_000_000_000L;

  private static final class Told {
    private long nanos; // when last
    private long since; // how often it began since
  }

  private final Clock real;
  private final Map<SafetyReason, Told> reasons = new EnumMap<>(SafetyReason.class);
  private SafetyReason last = SafetyReason.NONE;

  /**
   * @param real not the one of a simulation
   */
  RefusalLog(Clock real) {
    this.real = real;
  }

  /**
   * A chunk was refused.
   *
   * @param culprit joint or signal; empty if there is none
   * @param thrown by the policy, if that is why
   */
  void refused(long sequence, SafetyReason why, String culprit, @Nullable Throwable thrown) {
    if (why == last) {
      return;
    }
    last = why;
    long now = real.nanos();
    Told told = reasons.get(why);
    if (told == null) {
      told = new Told();
      reasons.put(why, told);
    } else if (now - told.nanos < EVERY_NANOS) {
      told.since++;
      return;
    }
    LOG.warn(
        "chunk {} refused: {}{}{}",
        sequence,
        why.meaning(),
        culprit.isEmpty() ? "" : " " + culprit,
        told.since == 0 ? "" : "; %s times more since that was told last".formatted(told.since),
        thrown);
    told.nanos = now;
    told.since = 0;
  }

  /** A chunk was accepted. */
  void planned(long sequence) {
    if (last != SafetyReason.NONE) {
      LOG.info("chunk {}: planning again", sequence);
      last = SafetyReason.NONE;
    }
  }
}
