package dev.forearm.runtime.inference;

import dev.forearm.runtime.policy.Driver;
import org.jspecify.annotations.Nullable;

/** Where the inference thread looks what becomes of its chunks. Any thread; allocates nothing. */
public interface Execution {
  /** Who has taken the arm over, so that they are not followed; null while they may be. */
  @Nullable Driver driver();

  /**
   * How long a chunk takes, as a rule at most, from the time that its actions count from until it
   * is followed; 0 while none is followed. What the chunk under way holds for that long is executed
   * whatever is planned meanwhile.
   */
  long delayNanos();

  /** Of chunks that nobody tells of. */
  Execution UNKNOWN =
      new Execution() {
        @Override
        public @Nullable Driver driver() {
          return null;
        }

        @Override
        public long delayNanos() {
          return 0;
        }
      };
}
