package dev.forearm.runtime.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.forearm.runtime.foresight.ForesightGate;
import dev.forearm.runtime.foresight.ForesightReading;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.ObservationVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContainedTapTest {
  private static final PolicySpec SPEC =
      new PolicySpec(
          List.of(new Feature("joints", new Source.JointPosition(), 1, "rad")),
          List.of("joints"),
          List.of("joints"),
          List.of(1),
          List.of("joint"),
          1,
          50_000_000);

  /** Everything that a tap is shown. */
  private static final List<Consumer<RuntimeTap>> CALLS =
      List.of(
          tap -> tap.observed(new Observation(1)),
          tap -> tap.notObserved(new ObservationVerdict(), 1),
          tap -> tap.planned(new Observation(1), new Plan(SPEC)),
          tap ->
              tap.gated(
                  new ForesightGate(SPEC, new float[] {1}, Optional.empty(), Optional.empty()), 1),
          tap -> tap.published(new ActionChunk(SPEC)),
          tap -> tap.safety(SafetyState.RUN, SafetyReason.NONE, 1),
          tap -> tap.commanded(new double[1], SafetyState.RUN, 1));

  /** Counts what it is shown, and throws at everything if it is to. */
  private static final class Counting implements RuntimeTap {
    private final Throwable thrown;
    private final List<Throwable> failures = new ArrayList<>();
    private int calls;

    Counting(Throwable thrown) {
      this.thrown = thrown;
    }

    private void call() {
      calls++;
      switch (thrown) {
        case Error error -> throw error;
        case RuntimeException exception -> throw exception;
        default -> {}
      }
    }

    @Override
    public void observed(Observation observation) {
      call();
    }

    @Override
    public void notObserved(ObservationVerdict verdict, long stampNanos) {
      call();
    }

    @Override
    public void planned(Observation observation, Plan plan) {
      call();
    }

    @Override
    public void gated(ForesightReading reading, long stampNanos) {
      call();
    }

    @Override
    public void published(ActionChunk chunk) {
      call();
    }

    @Override
    public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
      call();
    }

    @Override
    public void commanded(double[] positions, SafetyState state, long stampNanos) {
      call();
    }

    @Override
    public void failed(Throwable cause) {
      failures.add(cause);
      throw new IllegalStateException("not even this");
    }
  }

  static IntStream calls() {
    return IntStream.range(0, CALLS.size());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aTapThatThrowsIsToldAndNotCalledAgainAndTheOtherGoesOn(int first) {
    StackOverflowError error = new StackOverflowError();
    Counting throwing = new Counting(error);
    Counting sound = new Counting(new Throwable("is not thrown"));
    RuntimeTap both = throwing.andThen(sound);
    CALLS.get(first).accept(both);
    CALLS.forEach(call -> call.accept(both));
    assertEquals(1, throwing.calls);
    assertEquals(1, throwing.failures.size());
    assertSame(error, throwing.failures.getFirst());
    assertEquals(1 + CALLS.size(), sound.calls);
    assertEquals(List.of(), sound.failures);
  }

  @Test
  void aTapThatIsContainedIsNotContainedTwice() {
    RuntimeTap contained = new Counting(new IllegalStateException()).contained();
    assertSame(contained, contained.contained());
  }
}
