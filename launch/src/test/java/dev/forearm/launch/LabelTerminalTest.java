package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.ros.robot.RecordedMoments;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeLabels.Stage;
import dev.forearm.runtime.mcap.McapReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code forearm label} in a process of its own, at a terminal that {@code script} makes. */
final class LabelTerminalTest {
  private static final String LEFT = "\u001b[D";
  private static final String HOME = "\u001b[H";
  private static final String F5 = "\u001b[15~";

  @TempDir private static Path folder;
  private static List<Path> episodes = List.of();

  @BeforeAll
  static void record() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")), "no script(1) of util-linux to be had");
    assertEquals(
        "", InProcess.run("record", "--task=lift", "--episodes=2", "--seed=3", "--out=" + folder));
    episodes = EpisodeReader.files(folder);
  }

  @AfterEach
  void nothingIsSaid() {
    episodes.forEach(EpisodeLabels::delete);
  }

  private static String name(int episode) {
    return String.valueOf(episodes.get(episode).getFileName());
  }

  private static void said(Forearm label, String text) throws InterruptedException {
    label.await(text, () -> label.output().contains(text));
  }

  @Test
  void keysLabelEpisodesWhileTheyPlayAndTheTerminalIsAsItWas() throws Exception {
    try (Forearm label = Forearm.atTerminal(folder, Map.of(), "label", ".", "--speed", "0.5")) {
      said(label, name(0) + "  lift, ended in ");
      said(label, "x0.5");
      label.type(LEFT + HOME + "..1" + F5 + ".2,,f");
      said(label, "[failure 1@");
      label.type("s");
      said(label, "[success 1@");
      label.type("n");
      said(label, name(1) + "  lift, ended in ");
      label.type("f1zx");
      assertEquals(0, label.exitCode(), label::output);
      assertTrue(label.output().contains("labelled 1 of 2 episodes"), label::output);
      List<String> lines = label.output().lines().toList();
      assertEquals(lines.getFirst(), lines.getLast(), "the terminal's settings");
    }
    List<Stage> stages = List.of(stage(1, 2), stage(2, 3));
    assertEquals(
        Optional.of(new EpisodeLabels(Optional.of(true), stages)),
        EpisodeLabels.read(episodes.get(0)));
    assertEquals(Optional.empty(), EpisodeLabels.read(episodes.get(1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoEndsTheProcessFindsTheTerminalAsItWasAndTheLabelsKept(boolean byControlC)
      throws Exception {
    try (Forearm label =
        Forearm.atTerminal(folder, Map.of(), "episodes", "label", "--play", name(0))) {
      said(label, name(0) + "  lift, ended in ");
      label.type("s");
      said(label, "[success]");
      if (byControlC) {
        label.type("\u0003");
      } else {
        assertTrue(java(label).destroy()); // SIGTERM
      }
      assertEquals(0, label.exitCode(), label::output);
      List<String> lines = label.output().lines().toList();
      assertEquals(lines.getFirst(), lines.getLast(), "the terminal's settings");
    }
    assertEquals(
        Optional.of(new EpisodeLabels(Optional.of(true), List.of())),
        EpisodeLabels.read(episodes.get(0)));
  }

  private static ProcessHandle java(Forearm label) {
    return label
        .handle()
        .descendants()
        .filter(each -> each.info().command().filter(name -> name.endsWith("java")).isPresent())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void withoutATerminalItIsRefusedWithTheRemedy() {
    String said = InProcess.run("label", "--play", episodes.get(0).toString());
    assertTrue(said.contains("is no terminal"), said);
    assertTrue(said.contains("say --success, --failure and --stage"), said);
    assertTrue(
        InProcess.run("label", "--play", "--success", episodes.get(0).toString())
            .contains("wanted one"));
  }

  /** Of the first episode, so long after its beginning. */
  private static Stage stage(int done, int seconds) {
    try (McapReader reader = McapReader.open(episodes.get(0))) {
      RecordedMoments moments = RecordedMoments.read(reader, House.robot("tabletop"));
      long nanos = moments.startNanos() + seconds * 1_000_000_000L;
      return new Stage(done, (nanos - moments.steps().first()) * 1e-9);
    }
  }
}
