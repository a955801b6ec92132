package dev.forearm.launch.faults;

import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.List;
import java.util.stream.Stream;

/**
 * How one episode went.
 *
 * @param commands sent
 * @param violations limits exceeded
 * @param hung whether the arm did not come to rest, or the episode to an end
 * @param wrong in words: what was exceeded first, and all that must not have been
 * @param undefined whether there was anything that must not have been
 * @param state in the end
 * @param reason for that state
 * @param timeline every fault and every change of state
 * @param traceSha256 of its commands
 */
record Verdict(
    long episode,
    long commands,
    long violations,
    boolean hung,
    boolean undefined,
    List<String> wrong,
    SafetyState state,
    SafetyReason reason,
    List<String> timeline,
    String traceSha256) {
  static Verdict of(long episode, Judges judges, boolean hung, List<String> timeline) {
    return new Verdict(
        episode,
        judges.audit().commands(),
        judges.audit().violations(),
        hung,
        !judges.conduct().wrong().isEmpty(),
        Stream.concat(judges.audit().first().stream(), judges.conduct().wrong().stream()).toList(),
        judges.conduct().state(),
        judges.conduct().reason(),
        timeline,
        judges.trace().sha256());
  }

  /** One whose end nobody saw. */
  static Verdict hung(long episode, String what) {
    return unseen(episode, true, what);
  }

  /** One that threw. */
  static Verdict broken(long episode, String what) {
    return unseen(episode, false, what);
  }

  boolean good() {
    return violations == 0 && !hung && !undefined;
  }

  private static Verdict unseen(long episode, boolean hung, String what) {
    return new Verdict(
        episode,
        0,
        0,
        hung,
        !hung,
        List.of(what),
        SafetyState.IDLE,
        SafetyReason.NONE,
        List.of(),
        "");
  }
}
