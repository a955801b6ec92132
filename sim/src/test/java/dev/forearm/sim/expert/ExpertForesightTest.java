package dev.forearm.sim.expert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.sim.TabletopRobot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.task.Task;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ExpertForesightTest {
  @ParameterizedTest
  @EnumSource
  void whatTheExpertForeseesComesAboutUnderItsHands(Task task) {
    try (Expert expert = new Expert(task, TabletopRobot.ROBOT);
        Rig rig = new Rig(expert, Gap.none(), Disturbance.NONE)) {
      assertTrue(rig.run(task, 1000));
      PolicySpec spec = expert.spec();
      errors(spec, foresight(task, spec), rig.seen)
          .forEach((feature, errors) -> {
            double mean = numbers(errors).average().orElseThrow();
            double p95 =
                numbers(errors).sorted().skip(errors.size() * 95L / 100).findFirst().orElseThrow();
            String found = "%s %s: mean %s, p95 %s".formatted(task, feature, mean, p95);
            assertTrue(mean < (isPosition(feature) ? 0.002 : 0.015), found); // m; rad or 1
            assertTrue(p95 < (isPosition(feature) ? 0.01 : 0.08), found);
          });
    }
  }

  private static boolean isPosition(String feature) {
    return !feature.equals("joint_position") && !feature.endsWith("_rotation");
  }

  @Test
  void anySpecOfJointsToolAndObjectsIsForeseen() {
    PolicySpec lift = Expert.specOf(Task.LIFT, TabletopRobot.ROBOT);
    List<Feature> features = new ArrayList<>(lift.observation());
    features.add(new Feature("green", new Source.ObjectPosition("green_cube"), 3, "m"));
    PolicySpec spec =
        new PolicySpec(
            features.reversed(),
            lift.proprioception(),
            List.of("green", "joint_velocity", "red_cube", "tool_position"),
            List.of(1, 20),
            lift.joints(),
            lift.chunkSteps(),
            lift.periodNanos());
    try (Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT);
        Rig rig = new Rig(expert, Gap.none(), Disturbance.NONE)) {
      assertTrue(rig.run(Task.LIFT, 1000));
      float[] usual = rig.seen.get(20);
      Observation observation = new Observation(spec);
      float[] seen = observation.values();
      for (Feature feature : lift.observation()) {
        System.arraycopy(
            usual,
            lift.offsetOf(feature.name()),
            seen,
            spec.offsetOf(feature.name()),
            feature.size());
      }
      seen[spec.offsetOf("green") + 1] = 0.3f;
      float[] frames = new float[2 * spec.frameWidth()];
      foresight(Task.LIFT, spec).imagine(observation, frames);
      int second = spec.frameWidth();
      assertEquals(0.3f, frames[second + 1], "what nobody touches stands still");
      float[] later = rig.seen.get(40);
      int tool = lift.offsetOf("tool_position");
      for (int axis = 0; axis < 3; axis++) {
        assertEquals(later[tool + axis], frames[second + 14 + axis], 0.01);
      }
      float[] next = rig.seen.get(21);
      int velocity = lift.offsetOf("joint_velocity");
      for (int joint = 0; joint < 8; joint++) {
        assertEquals(next[velocity + joint], frames[3 + joint], 0.1, "joint " + joint);
      }
    }
  }

  @Test
  void aSpecThatLacksTheTasksObjectsIsRefused() {
    PolicySpec lift = Expert.specOf(Task.LIFT, TabletopRobot.ROBOT);
    IllegalArgumentException fault =
        assertThrows(IllegalArgumentException.class, () -> foresight(Task.TIDY, lift));
    assertTrue(fault.toString().contains("object_position:blue_cube"), fault::toString);
  }

  @Test
  void imaginingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    PolicySpec spec = Expert.specOf(Task.TIDY, TabletopRobot.ROBOT);
    try (Expert expert = new Expert(Task.TIDY, TabletopRobot.ROBOT);
        Rig rig = new Rig(expert, Gap.none(), Disturbance.NONE)) {
      rig.run(Task.TIDY, 4);
      ExpertForesight foresight = foresight(Task.TIDY, spec);
      Observation observation = new Observation(spec);
      float[] frames = new float[spec.frameSteps().size() * spec.frameWidth()];
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 200; i++) {
          see(rig.seen.get(i), observation);
          foresight.imagine(observation, frames);
        }
        allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, allocated);
    }
  }

  /** Distance between each imagined feature and what followed, over all frames of an episode. */
  private static Map<String, List<Double>> errors(
      PolicySpec spec, ExpertForesight foresight, List<float[]> seen) {
    Map<String, List<Double>> errors = new LinkedHashMap<>();
    int frameWidth = spec.frameWidth();
    Observation observation = new Observation(spec);
    float[] frames = new float[spec.frameSteps().size() * frameWidth];
    int last = spec.frameSteps().getLast();
    for (int i = 0; i + last < seen.size(); i++) {
      see(seen.get(i), observation);
      foresight.imagine(observation, frames);
      int at = 0;
      for (int step : spec.frameSteps()) {
        float[] followed = seen.get(i + step);
        for (String name : spec.imagined()) {
          int[] places = spec.placesOf(List.of(name));
          double squares = 0;
          for (int place : places) {
            double error = frames[at++] - followed[place];
            squares += error * error;
          }
          errors.computeIfAbsent(name, _ -> new ArrayList<>()).add(Math.sqrt(squares));
        }
      }
    }
    return errors;
  }

  private static void see(float[] values, Observation observation) {
    System.arraycopy(values, 0, observation.values(), 0, values.length);
  }

  private static DoubleStream numbers(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue);
  }

  private static ExpertForesight foresight(Task task, PolicySpec spec) {
    return new ExpertForesight(task, TabletopRobot.ROBOT, spec);
  }
}
