package dev.forearm.runtime.inference;

import dev.forearm.runtime.policy.Driver;
import org.jspecify.annotations.Nullable;

/** Where the inference thread finds who drives in its policy's place. */
@FunctionalInterface
public interface Overruling {
  /** Who has taken the arm over; null while the policy drives. Any thread; allocates nothing. */
  @Nullable Driver driver();
}
