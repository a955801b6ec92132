package dev.forearm.models;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** Runs what must be refused and gives back what the refusal said. */
public final class Refusal {
  private Refusal() {}

  /** The message of the {@link ModelsFault} that {@code action} must throw. */
  public static String of(Executable action) {
    return Objects.requireNonNull(assertThrows(ModelsFault.class, action).getMessage());
  }
}
