package dev.forearm.sim.expert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.PolicyState;
import dev.forearm.sim.TabletopRobot;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CoachedTest {
  private static final double TEACHER = -1;
  private static final int PLANS = 400;

  private final PolicySpec spec = Expert.specOf(Task.LIFT, TabletopRobot.ROBOT);

  @Test
  void bothDriveByTurns() {
    List<Double> drove = drive(coached(3), PLANS);
    long taught = drove.stream().filter(action -> action == TEACHER).count();
    assertTrue(taught > PLANS / 5 && taught < PLANS * 4 / 5, () -> taught + " plans are taught");
  }

  @Test
  void anEpisodeIsTakenUpWhereItWasKept() {
    Coached first = coached(3);
    first.reset();
    List<Double> before = drive(first, 150);
    PolicyState kept = first.freeze();
    List<Double> after = drive(first, PLANS);

    Coached second = coached(4);
    second.reset();
    assertNotEquals(before, drive(second, 150));
    second.thaw(kept);
    assertEquals(after, drive(second, PLANS));
  }

  @Test
  void anEpisodeBeginsAgainFromItsSeed() {
    Coached first = coached(3);
    first.reset();
    PolicyState fresh = first.freeze();
    List<Double> episode = drive(first, PLANS);
    first.reset();
    assertNotEquals(episode, drive(first, PLANS));
    first.thaw(new PolicyState(fresh.seed(), 0, fresh.memory()));
    assertEquals(episode, drive(first, PLANS));
  }

  @Test
  void aTeacherGoesOnFromWhatItRemembered() {
    Coached first = new Coached(new Counting(spec), new Recalling(spec), 3);
    first.reset();
    drive(first, 150);
    PolicyState kept = first.freeze();
    assertEquals(Set.of("last", "teacher/last"), kept.memory().keySet());
    List<Double> after = drive(first, PLANS);

    Coached second = new Coached(new Counting(spec), new Recalling(spec), 4);
    second.reset();
    drive(second, 70);
    second.thaw(kept);
    assertEquals(after, drive(second, PLANS));
    second.reset();
    assertEquals(
        0,
        Objects.requireNonNull(second.freeze().memory().get("teacher/last"))[0],
        "an episode begins anew");
  }

  private Coached coached(long seed) {
    return new Coached(new Counting(spec), new Teacher(spec), seed);
  }

  /** The first action of each plan. */
  private List<Double> drive(Policy policy, int plans) {
    Observation observation = new Observation(spec);
    Plan plan = new Plan(spec);
    List<Double> actions = new ArrayList<>();
    for (int i = 0; i < plans; i++) {
      policy.plan(observation, plan);
      actions.add(plan.actions()[0]);
    }
    return actions;
  }

  private record Teacher(PolicySpec spec) implements Policy {
    @Override
    public void reset() {}

    @Override
    public void plan(Observation observation, Plan plan) {
      plan.actions()[0] = TEACHER;
    }
  }

  /** Counts down from what it did last, under a name that its student uses too. */
  private static final class Recalling implements Policy {
    private final PolicySpec spec;
    private float last;

    Recalling(PolicySpec spec) {
      this.spec = spec;
    }

    @Override
    public PolicySpec spec() {
      return spec;
    }

    @Override
    public void reset() {
      last = 0;
    }

    @Override
    public PolicyState freeze() {
      return new PolicyState(0, 0, Map.of("last", new float[] {last}));
    }

    @Override
    public void thaw(PolicyState state) {
      last = state.memory().getOrDefault("last", new float[1])[0];
    }

    @Override
    public void plan(Observation observation, Plan plan) {
      plan.actions()[0] = --last;
    }
  }

  /** Remembers what it did last, and acts by it, its seed and how often it planned. */
  private static final class Counting implements Policy {
    private static final int MIXED = 1_000_003;

    private final PolicySpec spec;
    private long seed;
    private long plans;
    private float last;

    Counting(PolicySpec spec) {
      this.spec = spec;
    }

    @Override
    public PolicySpec spec() {
      return spec;
    }

    @Override
    public void reset() {
      thaw(new PolicyState(seed + 1, 0, Map.of("last", new float[1])));
    }

    @Override
    public PolicyState freeze() {
      return new PolicyState(seed, plans, Map.of("last", new float[] {last}));
    }

    @Override
    public void thaw(PolicyState state) {
      seed = state.seed();
      plans = state.plans();
      last = state.memory().getOrDefault("last", new float[1])[0];
    }

    @Override
    public void plan(Observation observation, Plan plan) {
      last = (last + Math.floorMod(seed, MIXED) + ++plans) % MIXED;
      plan.actions()[0] = last;
    }
  }
}
