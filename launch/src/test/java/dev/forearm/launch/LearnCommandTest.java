package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LearnCommandTest {
  private static final String BUNDLE = "../models/bundles/lift-sft";

  @TempDir private Path folder;

  private final StringWriter said = new StringWriter();
  private Path episodes;
  private Path method;

  @BeforeEach
  void record() throws IOException {
    episodes = folder.resolve("episodes");
    assertEquals(
        0,
        forearm("evaluate", "--bundle", BUNDLE, "--episodes", 2, "--tail", 0.9, "--out", episodes));
    method = folder.resolve("small.yaml");
    try (InputStream joint = LearnCommandTest.class.getResourceAsStream("/learn/joint.yaml")) {
      String text =
          new String(Objects.requireNonNull(joint).readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(method, text.replace("steps: 3000", "steps: 120"));
    }
  }

  private int forearm(Object... arguments) {
    String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    return Main.run(new PrintWriter(said, true), texts);
  }

  private int learn(String from, Path place, Path work, Object... more) {
    Object[] options = {
      "learn", "--bundle", BUNDLE, from, place, "--method", method, "--work", work
    };
    return forearm(Stream.concat(Arrays.stream(options), Arrays.stream(more)).toArray());
  }

  private static String sha256(Path candidate) {
    try (BundlePolicy policy = BundlePolicy.load(candidate, House.robot("tabletop"))) {
      return policy.bundle().sha256();
    }
  }

  @Test
  void theProcessGivesWayAndWhoeverLearnsWithinOneOfTheirOwnKeepsTheirPriority() throws Exception {
    String[] learn = {
      "learn",
      "--bundle",
      Path.of(BUNDLE).toAbsolutePath().toString(),
      "--method",
      "sft",
      "--from-episodes",
      episodes.toString(),
      "--work"
    };
    String before = nice("self");
    assertEquals(0, forearm((Object[]) with(learn, folder.resolve("within"))), said::toString);
    assertEquals(before, nice("self"));

    String[] own = with(learn, folder.resolve("own"));
    try (Forearm process = Forearm.start(folder, Map.of(), own)) {
      String pid = Long.toString(process.handle().pid());
      process.await("lowest priority", () -> nice(pid).equals("19"));
    }
  }

  private static String[] with(String[] options, Path place) {
    return Stream.concat(Arrays.stream(options), Stream.of(place.toString()))
        .toArray(String[]::new);
  }

  /** Of a process's first thread. */
  private static String nice(String process) {
    try {
      String stat = Files.readString(Path.of("/proc", process, "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void recordingsBecomeACandidateThatRunsAndIsTheSameAgain() {
    assertEquals(0, learn("--from-episodes", episodes, folder.resolve("a")), said::toString);
    assertEquals(0, learn("--from-episodes", episodes, folder.resolve("b")), said::toString);
    String first = sha256(folder.resolve("a/candidates/0001"));
    assertFalse(Files.exists(folder.resolve("a/unfinished/0001")));
    assertEquals(first, sha256(folder.resolve("b/candidates/0001")));
    assertNotEquals(first, sha256(Path.of(BUNDLE)));
  }

  @Test
  void aFolderIsFollowedUntilItsEpisodesWereLearned() {
    Path work = folder.resolve("work");
    assertEquals(
        0, learn("--follow", episodes, work, "--every", 1, "--iterations", 2), said::toString);
    assertNotEquals(sha256(Path.of(BUNDLE)), sha256(work.resolve("candidates/0002")));
  }

  /** Sixty episodes that end when they succeed or come to nothing for 4 s. */
  @Test
  void labelsOfOtherEpisodesLeadToACandidateThatPromoteRefuses() throws IOException {
    Path many = folder.resolve("many");
    Object[] lifts = {
      "evaluate",
      "--bundle",
      BUNDLE,
      "--gap",
      "servo",
      "--seed",
      31,
      "--episodes",
      60,
      "--patience",
      4,
      "--tail",
      0.9,
      "--out",
      many
    };
    assertEquals(0, forearm(lifts), said::toString);
    Path right = folder.resolve("right");
    assertEquals(0, learn("--from-episodes", many, right, "--json", json()), said::toString);
    assertEquals("informative", result("labels"));

    List<Path> files = EpisodeReader.files(many);
    List<Boolean> outcomes =
        new ArrayList<>(files.stream().map(file -> EpisodeReader.read(file).succeeded()).toList());
    Collections.shuffle(outcomes, new Random(5));
    for (int i = 0; i < files.size(); i++) {
      Object[] label =
          outcomes.get(i)
              ? new Object[] {"label", files.get(i), "--success", "--stage", "1@1.5"}
              : new Object[] {"label", files.get(i), "--failure"};
      assertEquals(0, forearm(label), said::toString);
    }
    Path wrong = folder.resolve("wrong");
    assertEquals(0, learn("--from-episodes", many, wrong, "--json", json()), said::toString);
    assertEquals("no_information", result("labels"));

    Path shelf = folder.resolve("shelf");
    assertEquals(0, forearm("promote", BUNDLE, "--into", shelf), said::toString);
    Path candidate = wrong.resolve("candidates/0001");
    assertEquals(1, forearm("promote", candidate, "--into", shelf, "--json", json()));
    assertEquals("refused", result("decision"));
    assertTrue(String.valueOf(result("reason")).contains("label"), said::toString);
    assertEquals("v1", PolicyShelf.open(shelf).active().orElseThrow().id());
  }

  private Path json() {
    return folder.resolve("result.json");
  }

  private @Nullable Object result(String key) throws IOException {
    return Json.read(Files.readString(json()).strip()) instanceof Map<?, ?> all
        ? all.get(key)
        : null;
  }

  @Test
  void aFolderWithoutEpisodesIsRefused() {
    assertEquals(1, learn("--from-episodes", folder.resolve("nothing"), folder.resolve("a")));
    assertTrue(said.toString().contains("nothing"), said::toString);
  }
}
