package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.robot.TabletopRobot;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExploringPolicyTest {
  private static final List<Double> ARM_ONLY = List.of(.01, .01, .01, .01, .01, .01, .01, 0.0);

  private final Policy chosen = sway();
  private final Observation observation = new Observation(chosen.spec().observationWidth());

  @Test
  void whatWasAddedIsInThePlanAndCanBeTakenOff() {
    Plan own = new Plan(chosen.spec());
    Plan plan = new Plan(chosen.spec());
    ExploringPolicy exploring = exploring(5);
    exploring.reset();
    boolean strayed = false;
    for (int step = 0; step < 100; step++) {
      observation.at(step * 50_000_000L, step * 50_000_000L);
      chosen.plan(observation, own);
      plan.clear();
      exploring.plan(observation, plan);
      assertTrue(plan.explores());
      assertEquals(0, plan.exploration()[7], "the fingers do not stray");
      for (int i = 0; i < plan.actions().length; i++) {
        double without = plan.actions()[i] - plan.exploration()[i % 8];
        assertEquals(own.actions()[i], without, 1e-15);
        strayed |= Math.abs(plan.actions()[i] - own.actions()[i]) > 0.005;
      }
      assertArrayEquals(own.imagined(), plan.imagined());
    }
    assertTrue(strayed);
    plan.clear();
    assertFalse(plan.explores());
  }

  @Test
  void whatStraysStaysWithinThePolicysRangesAndItsMemoryIsThePolicys() {
    PolicyState remembered = new PolicyState(3, 4, Map.of("h", new float[] {5}));
    List<PolicyState> thawed = new ArrayList<>();
    Policy confined =
        new Policy() {
          @Override
          public PolicySpec spec() {
            return chosen.spec();
          }

          @Override
          public void reset() {}

          @Override
          public PolicyState freeze() {
            return remembered;
          }

          @Override
          public void thaw(PolicyState state) {
            thawed.add(state);
          }

          @Override
          public void plan(Observation seen, Plan plan) {
            Arrays.fill(plan.actions(), 0);
          }

          @Override
          public void confine(double[] actions) {
            Arrays.setAll(actions, i -> Math.clamp(actions[i], 0, 1e-4));
          }
        };
    ExploringPolicy exploring = new ExploringPolicy(confined, new Exploration(ARM_ONLY, 0.4, 5));
    Plan plan = new Plan(exploring.spec());
    exploring.plan(observation, plan);
    assertTrue(Arrays.stream(plan.actions()).anyMatch(action -> Math.abs(action) > 1e-4));
    exploring.confine(plan.actions());
    assertTrue(Arrays.stream(plan.actions()).allMatch(action -> action >= 0 && action <= 1e-4));
    assertSame(remembered, exploring.freeze());
    exploring.thaw(remembered);
    assertEquals(List.of(remembered), thawed);
  }

  @Test
  void anEpisodeStraysAlikeHoweverLongTheOneBeforeWas() {
    assertArrayEquals(secondEpisode(10), secondEpisode(33));
  }

  @Test
  void theDeviationsAreOneAJoint() {
    Exploration twoJoints = new Exploration(List.of(.01, .01), 0.4, 1);
    IllegalArgumentException fault =
        assertThrows(IllegalArgumentException.class, () -> new ExploringPolicy(chosen, twoJoints));
    assertTrue(fault.toString().contains("found 2 standard deviations"), fault::toString);
    assertThrows(IllegalArgumentException.class, () -> new Exploration(List.of(-.01), 0.4, 1));
    assertThrows(IllegalArgumentException.class, () -> new Exploration(List.of(.01), 0, 1));
  }

  @Test
  void exploringAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ExploringPolicy exploring = exploring(5);
    Plan plan = new Plan(exploring.spec());
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        exploring.plan(observation, plan);
      }
      allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, allocated);
  }

  private double[] secondEpisode(int stepsOfTheFirst) {
    ExploringPolicy exploring = exploring(5);
    Plan plan = new Plan(exploring.spec());
    exploring.reset();
    for (int i = 0; i < stepsOfTheFirst; i++) {
      exploring.plan(observation, plan);
    }
    exploring.reset();
    exploring.plan(observation, plan);
    return plan.exploration().clone();
  }

  private static ExploringPolicy exploring(long seed) {
    return new ExploringPolicy(sway(), new Exploration(ARM_ONLY, 0.4, seed));
  }

  private static Policy sway() {
    return new SwayingPolicy(TabletopRobot.read(), 0.1, FaultPlan.none());
  }
}
