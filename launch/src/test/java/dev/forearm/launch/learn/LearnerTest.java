package dev.forearm.launch.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.learn.Straying;
import dev.forearm.models.train.Pace;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.report.Json;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import dev.forearm.viewer.Learning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LearnerTest {
  private static final int ITERATIONS = 2;
  private static final Path LIFT_SFT = Path.of("../models/bundles/lift-sft");

  @TempDir private Path folder;
  private Path method;

  /** The joint method on very little. */
  @BeforeEach
  void makeMethod() throws IOException {
    method = small("joint");
  }

  private Path small(String name) throws IOException {
    return Files.writeString(
        folder.resolve(name + "-small.yaml"),
        Method.named(name)
            .text()
            .replaceAll("episodes: 64", "episodes: 2")
            .replaceAll("compared_episodes: 60", "compared_episodes: 2")
            .replaceAll("adapts: true", "adapts: false")
            .replaceAll("steps: 3000", "steps: 150"));
  }

  private Learner learner(Path work) {
    return learner(work, method, 3);
  }

  private static Learner learner(Path work, Path method, long seed) {
    return learner(work, method, seed, List.of());
  }

  private static Learner learner(Path work, Path file, long seed, List<Path> demonstrations) {
    Method method = Method.named(file.toString());
    return new Learner(
        work,
        method,
        Practice.of(method, House.robot("tabletop"), Task.LIFT, House.gap("none")),
        LIFT_SFT,
        demonstrations,
        seed,
        new Pace(1),
        _ -> {});
  }

  private static String sha256(Path bundle) {
    try (Bundle read = BundleReader.read(bundle, Trust.anyone())) {
      return read.sha256();
    }
  }

  private static Path candidate(Path work, int iteration) {
    return work.resolve("candidates/000" + iteration);
  }

  @Test
  void anIterationLeavesItsEpisodesItsCandidateAndWhatItBrought() {
    Path work = folder.resolve("work");
    Learner learner = learner(work);
    learner.learn(1);

    assertEquals(1, learner.state().iterations());
    assertTrue(Files.isDirectory(work.resolve("replay/0001")));
    assertFalse(Files.exists(work.resolve("unfinished")));
    assertFalse(sha256(candidate(work, 1)).equals(sha256(LIFT_SFT)));
    Object accepted = learner.state().brought().getFirst().get("accepted");
    assertEquals(
        Boolean.TRUE.equals(accepted) ? candidate(work, 1) : LIFT_SFT, learner.incumbent());
  }

  @Test
  void whoLooksOnIsToldOfEachEpisodeAndOfBothHalves() throws IOException {
    Path work = folder.resolve("work");
    learner(work).learn(1);

    Learning learning = WatchedLearner.at(work);
    assertEquals(1, learning.iterations().size());
    assertTrue(learning.now().isEmpty(), "the iteration is done");
    assertEquals(
        List.of("world model", "actor"),
        learning.losses().stream().map(Learning.Loss::half).toList());
    assertEquals(
        List.of(20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0), learning.losses().getLast().steps());

    Files.writeString(work.resolve(LearnerState.FILE), "{}"); // as it was before
    assertEquals(
        Optional.of(new Learning.Phase("the candidate's turn", 2, 2)),
        WatchedLearner.at(work).now());
  }

  @Test
  void aLearnerThatWasKilledGoesOnToTheSameCandidates() throws Exception {
    Path whole = folder.resolve("whole");
    learner(whole).learn(ITERATIONS);
    Path broken = folder.resolve("broken");
    for (int kill = 0; kill < 3; kill++) {
      killSoon(broken, 1200 + 900 * kill);
    }
    learner(broken).learn(ITERATIONS);

    for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
      assertEquals(sha256(candidate(whole, iteration)), sha256(candidate(broken, iteration)));
    }
    assertEquals(
        Json.write(learner(whole).state().json()), Json.write(learner(broken).state().json()));
  }

  @Test
  void aLearnerWithoutRoomForgetsFailuresAsOneWhoBeginsAnewDoes() throws IOException {
    Path bounded = folder.resolve("bounded.yaml");
    Files.writeString(
        bounded,
        Files.readString(method).replace("adapts: false", "adapts: false\n  replay_mib: 1"));
    Path whole = folder.resolve("whole");
    learner(whole, bounded, 3).learn(ITERATIONS);
    Path twice = folder.resolve("twice");
    for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
      learner(twice, bounded, 3).learn(iteration);
    }
    assertEquals(sha256(candidate(whole, ITERATIONS)), sha256(candidate(twice, ITERATIONS)));
    assertEquals(names(whole), names(twice));
    assertTrue(names(whole).size() < 2 * ITERATIONS, "nothing was dropped");
    assertTrue(Files.size(whole.resolve(LearningPlot.FILE)) > 0);
  }

  private static List<String> names(Path work) throws IOException {
    try (var files = Files.walk(work.resolve("replay"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> work.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private void killSoon(Path work, long millis) throws Exception {
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LearningProcess.class.getName(),
                work.toString(),
                method.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!run.waitFor(millis, TimeUnit.MILLISECONDS)) {
      run.toHandle().destroyForcibly();
      run.waitFor();
    }
  }

  /** The process that is killed. */
  static final class LearningProcess {
    private LearningProcess() {}

    public static void main(String[] arguments) {
      learner(Path.of(arguments[0]), Path.of(arguments[1]), 3).learn(ITERATIONS);
    }
  }

  private static void demonstrate(Path folder, int episodes, long seed) {
    try (Mind expert = Mind.expert(Task.LIFT, House.robot("tabletop"));
        LockstepRun run =
            new LockstepRun(
                House.robot("tabletop"),
                expert,
                Task.LIFT.label(),
                SimSettings.of(House.gap("none")),
                Optional.of(folder))) {
      run.play(episodes, seed, _ -> {});
    }
  }

  @Test
  void whereChunksAreToGoOnEveryPolicyHasAForesightOfTheDemonstrations() throws IOException {
    Path demonstrations = folder.resolve("demonstrations");
    demonstrate(demonstrations, 40, 11);
    assertEquals(LIFT_SFT, learner(folder.resolve("without")).incumbent());

    String text = Files.readString(method);
    Files.writeString(method, text.replace("adapts: false", "adapts: true"));
    Path work = folder.resolve("work");
    Learner learner = learner(work, method, 3, List.of(demonstrations));
    assertEquals(work.resolve("first"), learner.incumbent());
    learner.learn(1);
    for (Path bundle : List.of(work.resolve("first"), candidate(work, 1))) {
      try (Bundle read = BundleReader.read(bundle, Trust.anyone())) {
        assertTrue(read.foresight().isPresent(), bundle::toString);
      }
    }
    assertTrue(Files.exists(work.resolve("actuators.yaml")));
    int steps = steps(work.resolve("replay/0001"));
    int plans = plans(work.resolve("replay/0001"));
    assertTrue(2 * steps > 3 * plans, () -> "%s plans in %s steps".formatted(plans, steps));
  }

  @Test
  void anIterationTrainsOnFromTheIncumbentOnlyWhereItIsToContinue() throws IOException {
    String text = Files.readString(method).replace("compared_episodes: 2", "compared_episodes: 0");
    Path continues = Files.writeString(folder.resolve("continues.yaml"), text);
    Path anew =
        Files.writeString(
            folder.resolve("anew.yaml"), text.replace("continues: true", "continues: false"));
    Path on = folder.resolve("on");
    learner(on, continues, 3).learn(2);
    Path again = folder.resolve("again");
    learner(again, anew, 3).learn(2);
    assertEquals(sha256(candidate(on, 1)), sha256(candidate(again, 1)));
    assertEquals(steps(on.resolve("replay/0002")), steps(again.resolve("replay/0002")));
    assertNotEquals(sha256(candidate(on, 2)), sha256(candidate(again, 2)));
  }

  @Test
  void whoPlaysNothingLearnsFromDemonstrationsAlone() throws IOException {
    Path shown = folder.resolve("shown");
    demonstrate(shown, 2, 5);
    Path work = folder.resolve("work");
    learner(work, small("sft-longer"), 3, List.of(shown)).learn(1);
    assertFalse(Files.exists(work.resolve("replay")));
    assertNotEquals(sha256(LIFT_SFT), sha256(candidate(work, 1)));
    Map<String, Object> brought =
        learner(work, small("sft-longer"), 3, List.of(shown)).state().brought().getFirst();
    assertFalse(brought.containsKey("episodes"), brought::toString);
    assertTrue(brought.containsKey("candidate_success"), brought::toString);
  }

  /** Only the incumbent's own episodes count, so one who begins again has to find just those. */
  @ParameterizedTest
  @ValueSource(strings = {"reconstruction", "ppo"})
  void aPolicyGradientGoesOnFromTheIncumbentToTheSameCandidates(String name) throws IOException {
    String text =
        Files.readString(small(name)).replace("compared_episodes: 2", "compared_episodes: 0");
    Path gradient = Files.writeString(folder.resolve("gradient.yaml"), text);
    Path whole = folder.resolve("whole");
    learner(whole, gradient, 3).learn(ITERATIONS);
    Path twice = folder.resolve("twice");
    for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
      learner(twice, gradient, 3).learn(iteration);
    }
    for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
      assertEquals(sha256(candidate(whole, iteration)), sha256(candidate(twice, iteration)));
    }
    List<Double> first = straying(candidate(whole, 1));
    List<Double> second = straying(candidate(whole, 2));
    assertFalse(first.equals(second), first::toString);
    assertTrue(
        Stream.concat(first.stream(), second.stream())
            .allMatch(std -> std == 0 || (std > 0.00029 && std < 0.0031)),
        second::toString);
  }

  private static List<Double> straying(Path bundle) {
    try (Bundle read = BundleReader.read(bundle, Trust.anyone())) {
      return Straying.of(read.manifest(), 1).jointStd();
    }
  }

  @Test
  void whoLearnsToChooseKeepsTheWeightsAndRunsAsAnyBundle() throws IOException {
    Path work = folder.resolve("work");
    learner(work, small("best-of-k"), 3).learn(1);
    try (Bundle before = BundleReader.read(LIFT_SFT, Trust.anyone());
        Bundle after = BundleReader.read(candidate(work, 1), Trust.anyone())) {
      assertEquals(before.weightsSha256(), after.weightsSha256());
      assertTrue(after.choice().isPresent());
    }
    assertTrue(
        learner(work, small("best-of-k"), 3)
            .state()
            .brought()
            .getFirst()
            .containsKey("candidate_success"));
  }

  @Test
  void theExpertTakesOverInPartOfTheEpisodes() throws IOException {
    String text = Files.readString(method);
    Files.writeString(method, text.replace("coached_share: 0 ", "coached_share: 0.5 "));
    Path work = folder.resolve("work");
    learner(work).learn(1);
    assertEquals(1, learner(work).state().iterations());
    assertTrue(
        EpisodeReader.files(work.resolve("replay/0001")).stream()
            .flatMap(file -> EpisodeReader.read(file).drivers().values().stream())
            .anyMatch(Driver.Expert.class::isInstance));
  }

  @Test
  void demonstrationsTakeOverWhereTheMethodWantsThemTo() throws IOException {
    Path shown = folder.resolve("shown");
    demonstrate(shown, 2, 5);
    String text = Files.readString(method);
    Files.writeString(
        method,
        text.replace("coached_share: 0 ", "teacher: demonstrations\n  coached_share: 0.5 "));
    Path work = folder.resolve("work");
    Learner learner = learner(work, method, 3, List.of(shown));
    learner.learn(1);
    List<Driver> drivers =
        EpisodeReader.files(work.resolve("replay/0001")).stream()
            .flatMap(file -> EpisodeReader.read(file).drivers().values().stream())
            .toList();
    assertTrue(drivers.stream().anyMatch(Driver.Retrieval.class::isInstance));
    assertTrue(drivers.stream().noneMatch(Driver.Expert.class::isInstance));
  }

  @Test
  void ownStepsAreToldWhatWasDemonstratedAndNobodyTakesOver() throws IOException {
    Path shown = folder.resolve("shown");
    demonstrate(shown, 2, 5);
    Path told = small("joint-relabelled");
    Path untold = folder.resolve("untold.yaml");
    Files.writeString(
        untold, Files.readString(told).replace("relabel_every: 1", "relabel_every: 0"));
    Path whole = folder.resolve("whole");
    learner(whole, told, 3, List.of(shown)).learn(ITERATIONS);
    assertTrue(
        EpisodeReader.files(whole.resolve("replay/0001")).stream()
            .flatMap(file -> EpisodeReader.read(file).drivers().values().stream())
            .noneMatch(Driver.Retrieval.class::isInstance));

    Path without = folder.resolve("without");
    learner(without, untold, 3, List.of(shown)).learn(1);
    assertNotEquals(sha256(candidate(whole, 1)), sha256(candidate(without, 1)));

    Path twice = folder.resolve("twice");
    for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
      learner(twice, told, 3, List.of(shown)).learn(iteration);
    }
    assertEquals(sha256(candidate(whole, ITERATIONS)), sha256(candidate(twice, ITERATIONS)));
  }

  @Test
  void withoutDemonstrationsWhoeverRelabelsRefusesToBegin() throws IOException {
    Path told = small("joint-relabelled");
    Path work = folder.resolve("work");
    ModelsFault fault = assertThrows(ModelsFault.class, () -> learner(work, told, 3));
    assertTrue(fault.toString().contains("forearm record"), fault::toString);
  }

  private static int steps(Path episodes) {
    return EpisodeReader.files(episodes).stream()
        .mapToInt(file -> EpisodeReader.read(file).observations().size())
        .sum();
  }

  private static int plans(Path episodes) {
    return EpisodeReader.files(episodes).stream()
        .mapToInt(file -> EpisodeReader.read(file).imaginations().size())
        .sum();
  }

  @Test
  void aFolderThatWasBegunOtherwiseIsRefused() {
    Path work = folder.resolve("work");
    learner(work, method, 3);
    LaunchFailure fault = assertThrows(LaunchFailure.class, () -> learner(work, method, 4));
    assertTrue(fault.toString().contains("name another folder"), fault::toString);
  }
}
