package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.expert.Expert;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EpisodeHooksTest {
  private static final Robot ROBOT = House.robot("tabletop");
  private static final String LIFT_SFT = "../models/bundles/lift-sft";
  private static final List<Double> MILLIRADIANS =
      List.of(.001, .001, .001, .001, .001, .001, .001, 0.0);

  @TempDir private Path folder;

  private record Run(List<EpisodeResult> results, String trace) {
    EpisodeResult only() {
      return results.getFirst();
    }
  }

  /** Keeps all that it is told. */
  private static final class Notes implements StepListener {
    final List<Long> seeds = new ArrayList<>();
    final List<Long> observed = new ArrayList<>();
    final List<Integer> stages = new ArrayList<>();
    final List<Integer> sentBefore = new ArrayList<>();
    final List<Long> sentAt = new ArrayList<>();
    final List<double[]> sent = new ArrayList<>();
    final List<double[]> planned = new ArrayList<>();
    int ended;

    @Override
    public void began(long seed) {
      seeds.add(seed);
    }

    @Override
    public void stepped(
        Observation observation, Plan plan, TaskState task, ExecutedCommands since) {
      observed.add(observation.stampNanos());
      planned.add(plan.actions().clone());
      stages.add(task.stage());
      keep(since);
    }

    @Override
    public void ended(ExecutedCommands since) {
      ended++;
      keep(since);
    }

    private void keep(ExecutedCommands since) {
      sentBefore.add(since.count());
      for (int i = 0; i < since.count(); i++) {
        sentAt.add(since.stampNanos(i));
        double[] positions = new double[ROBOT.jointCount()];
        for (int joint = 0; joint < positions.length; joint++) {
          positions[joint] = since.position(i, joint);
        }
        sent.add(positions);
      }
    }
  }

  @Test
  void everyStepIsToldWithItsStageAndEveryCommandSent() {
    Notes notes = new Notes();
    Run quiet = play(Mind.expert(Task.LIFT, ROBOT), EpisodeHooks.NONE, 2, Optional.empty());
    Run run =
        play(Mind.expert(Task.LIFT, ROBOT), EpisodeHooks.NONE.heardBy(notes), 2, Optional.empty());

    assertEquals(quiet, run, "listening changes nothing");
    assertEquals(run.results.stream().map(EpisodeResult::seed).toList(), notes.seeds);
    assertEquals(2, notes.ended);
    double seconds = run.results.stream().mapToDouble(EpisodeResult::seconds).sum();
    assertEquals(20 * seconds, notes.observed.size(), 2, "a step each 50 ms");
    assertEquals(500 * seconds, notes.sent.size(), 6, "a command each 2 ms");
    assertEquals(List.of(0, 1), notes.stages.stream().distinct().limit(2).toList());
    assertEquals(25, notes.sentBefore.get(5), "commands between two steps");
    double[] wanted = notes.planned.get(20);
    double[] reached = notes.sent.get(notes.sentAt.indexOf(notes.observed.get(21)));
    for (int joint = 0; joint < 7; joint++) {
      assertEquals(wanted[joint], reached[joint], 0.02, "the plan's first action, a step later");
    }
  }

  @Test
  void aListenerThatThrowsEndsTheRunAtOnce() {
    AtomicInteger told = new AtomicInteger();
    StepListener broken =
        (_, _, _, _) -> {
          if (told.incrementAndGet() == 3) {
            throw new IllegalStateException("full");
          }
        };
    EpisodeHooks hooks = EpisodeHooks.NONE.heardBy(broken);
    LaunchFailure fault =
        assertThrows(
            LaunchFailure.class,
            () -> play(Mind.expert(Task.LIFT, ROBOT), hooks, 2, Optional.of(folder)));
    assertTrue(fault.toString().contains("full"), fault::toString);
    assertEquals(3, told.get());
    RecordedPlans episode = EpisodeReader.read(EpisodeReader.files(folder).getFirst());
    assertTrue(episode.observations().size() < 6, "it is not played on");
  }

  @Test
  void anEpisodeThatGetsNoFurtherIsGivenUp() {
    EpisodeHooks impatient = new EpisodeHooks(1.5, 0, StepListener.NONE);
    Run run = play(Mind.expert(Task.LIFT, ROBOT), impatient, 1, Optional.of(folder));

    EpisodeResult result = run.only();
    assertTrue(result.gaveUp(), result::toString);
    assertFalse(result.success());
    assertEquals("no further than 0 of 2 stages", result.detail());
    assertEquals(1.5, result.seconds(), 0.01);
    RecordedPlans episode = EpisodeReader.read(result.recording().orElseThrow().file());
    assertEquals("gave_up", episode.outcome().get("result"));
  }

  @Test
  void aStageInTimeBuysPatienceForTheNext() {
    Run plain = play(Mind.expert(Task.LIFT, ROBOT), EpisodeHooks.NONE, 1, Optional.empty());
    double enough = 0.9 * plain.only().seconds();
    EpisodeHooks patient = new EpisodeHooks(enough, 0, StepListener.NONE);
    Run run = play(Mind.expert(Task.LIFT, ROBOT), patient, 1, Optional.empty());

    assertEquals(EpisodeOutcome.Result.SUCCESS, run.only().outcome());
    assertEquals(plain, run);
  }

  @Test
  void theTailHoldsWhatFollowedTheLastDecisions() {
    Run plain = play(Mind.expert(Task.LIFT, ROBOT), EpisodeHooks.NONE, 1, Optional.empty());
    EpisodeHooks tail = new EpisodeHooks(Double.POSITIVE_INFINITY, 0.9, StepListener.NONE);
    Run run = play(Mind.expert(Task.LIFT, ROBOT), tail, 1, Optional.of(folder));

    EpisodeResult result = run.only();
    assertTrue(result.success(), result::toString);
    assertEquals(plain.only().seconds() + 0.9, result.seconds(), 1e-6);
    RecordedPlans episode = EpisodeReader.read(result.recording().orElseThrow().file());
    assertTrue(episode.succeeded());
    assertEquals(20 * result.seconds(), episode.observations().size(), 2);
    assertEquals(episode.observations().keySet(), episode.chunks().keySet());
  }

  @Test
  void anEpisodeTellsWhatWasSentAndHowFarTheTaskHadCome() {
    Notes notes = new Notes();
    EpisodeHooks heard = EpisodeHooks.NONE.heardBy(notes);
    Run run = play(Mind.expert(Task.LIFT, ROBOT), heard, 1, Optional.of(folder));
    RecordedPlans episode = EpisodeReader.read(run.only().recording().orElseThrow().file(), ROBOT);

    assertEquals(List.of(0, 1, 2), List.copyOf(episode.stages().values()));
    assertTrue(episode.commands().size() > 20);
    episode
        .commands()
        .forEach((stamp, command) -> {
          assertArrayEquals(notes.sent.get(notes.sentAt.indexOf(stamp)), command, 1e-9);
        });
  }

  @Test
  void explorationIsSeededAndRecordedApart() {
    Run first = play(exploring(3), EpisodeHooks.NONE, 1, Optional.of(folder));
    Run again = play(exploring(3), EpisodeHooks.NONE, 1, Optional.empty());
    Run other = play(exploring(4), EpisodeHooks.NONE, 1, Optional.empty());

    assertEquals(first.trace, again.trace);
    assertFalse(first.trace.equals(other.trace));
    assertTrue(first.only().success(), "a milliradian is borne");
    RecordedPlans episode = EpisodeReader.read(first.only().recording().orElseThrow().file());
    Expert expert = new Expert(Task.LIFT, ROBOT);
    Plan chosen = new Plan(expert.spec());
    Observation observation = new Observation(expert.spec().observationWidth());
    episode
        .observations()
        .forEach((stamp, values) -> {
          System.arraycopy(values, 0, observation.values(), 0, values.length);
          expert.plan(observation, chosen);
          double[] recorded = Objects.requireNonNull(episode.chunks().get(stamp));
          for (int i = 0; i < recorded.length; i++) {
            assertEquals(chosen.actions()[i], recorded[i], 1e-12, "as the expert chose it");
          }
        });
  }

  @Test
  void theLearnedActorLiftsOnTheExpertsForesight() {
    Notes notes = new Notes();
    Mind mind = Mind.foreseen(LIFT_SFT, ROBOT, new ProviderChoice.Cpu());
    PolicySpec spec = mind.policy().spec();
    Run run = play(mind, EpisodeHooks.NONE.heardBy(notes), 3, Optional.empty());

    assertEquals(spec, Expert.specOf(Task.LIFT, ROBOT));
    for (EpisodeResult result : run.results) {
      assertTrue(result.success(), result::toString);
    }
    Run own = play(Mind.named(LIFT_SFT, ROBOT, Task.LIFT), EpisodeHooks.NONE, 3, Optional.empty());
    assertFalse(own.trace.equals(run.trace), "it is another imagination");
  }

  @Test
  void hooksWithoutPatienceOrEndAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new EpisodeHooks(0, 0, StepListener.NONE));
    assertThrows(IllegalArgumentException.class, () -> new EpisodeHooks(1, -1, StepListener.NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new EpisodeHooks(1, Double.POSITIVE_INFINITY, StepListener.NONE));
  }

  private static Mind exploring(long seed) {
    return Mind.expert(Task.LIFT, ROBOT).exploring(new Exploration(MILLIRADIANS, 0.4, seed));
  }

  /** Lifts from the starts of seed 7. */
  private static Run play(Mind mind, EpisodeHooks hooks, int episodes, Optional<Path> recordTo) {
    try (mind;
        LockstepRun run =
            new LockstepRun(ROBOT, mind, "lift", SimSettings.of(Gap.none()), recordTo)) {
      List<EpisodeResult> results = run.play(episodes, 7, hooks, _ -> {});
      return new Run(results, run.traceSha256());
    }
  }
}
