package dev.forearm.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which faults strike when, drawn from a seed: the same seed is the same bad day. */
public final class FaultPlan {
  /** What can go wrong around the loops. */
  public enum Fault {
    JOINT_STATE_LOST,
    OBJECT_LOST,
    ACTOR_SAYS_NAN,
    ACTOR_RUNS_WILD,
    POLICY_THROWS
  }

  private record Strike(Fault fault, long fromNanos, long untilNanos) {}

  private final List<Strike> strikes = new ArrayList<>();

  private FaultPlan() {}

  public static FaultPlan none() {
    return new FaultPlan();
  }

  public static FaultPlan one(Fault fault, long fromNanos, long untilNanos) {
    FaultPlan plan = new FaultPlan();
    plan.strikes.add(new Strike(fault, fromNanos, untilNanos));
    return plan;
  }

  /** Some strikes of 10 ms to 1.5 s each before {@code endNanos}. */
  public static FaultPlan random(long seed, int count, long endNanos) {
    Random random = new Random(seed);
    FaultPlan plan = new FaultPlan();
    for (int i = 0; i < count; i++) {
      Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
      long length = 10_000_000 + (long) (random.nextDouble() * 1_490_000_000L);
      long from = (long) (random.nextDouble() * (endNanos - length));
      plan.strikes.add(new Strike(fault, from, from + length));
    }
    return plan;
  }

  public boolean strikes(Fault fault, long nanos) {
    for (int i = 0; i < strikes.size(); i++) { // allocates nothing
      Strike strike = strikes.get(i);
      if (strike.fault == fault && strike.fromNanos <= nanos && nanos < strike.untilNanos) {
        return true;
      }
    }
    return false;
  }
}
