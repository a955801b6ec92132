package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.policy.BundlePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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
        0, forearm("evaluate --bundle %s --episodes 2 --tail 0.9 --out %s", BUNDLE, episodes));
    method = folder.resolve("small.yaml");
    try (InputStream joint = LearnCommandTest.class.getResourceAsStream("/learn/joint.yaml")) {
      String text =
          new String(Objects.requireNonNull(joint).readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(method, text.replace("steps: 3000", "steps: 120"));
    }
  }

  private int forearm(String command, Object... values) {
    return Main.run(new PrintWriter(said, true), command.formatted(values).split(" "));
  }

  private static String sha256(Path candidate) {
    try (BundlePolicy policy = BundlePolicy.load(candidate, House.robot("tabletop"))) {
      return policy.bundle().sha256();
    }
  }

  @Test
  void recordingsBecomeACandidateThatRunsAndIsTheSameAgain() {
    String learn = "learn --bundle %s --from-episodes %s --method %s --work %s";
    assertEquals(0, forearm(learn, BUNDLE, episodes, method, folder.resolve("a")), said::toString);
    assertEquals(0, forearm(learn, BUNDLE, episodes, method, folder.resolve("b")), said::toString);
    String first = sha256(folder.resolve("a/candidates/0001"));
    assertEquals(first, sha256(folder.resolve("b/candidates/0001")));
    assertNotEquals(first, sha256(Path.of(BUNDLE)));
  }

  @Test
  void aFolderIsFollowedUntilItsEpisodesWereLearned() {
    String follow = "learn --bundle %s --follow %s --every 1 --iterations 2 --method %s --work %s";
    Path work = folder.resolve("work");
    assertEquals(0, forearm(follow, BUNDLE, episodes, method, work), said::toString);
    sha256(work.resolve("candidates/0002"));
  }

  @Test
  void aFolderWithoutEpisodesIsRefused() {
    Path nothing = folder.resolve("nothing");
    String learn = "learn --bundle %s --from-episodes %s --method %s --work %s";
    assertEquals(1, forearm(learn, BUNDLE, nothing, method, folder.resolve("a")));
    assertTrue(said.toString().contains("nothing"), said::toString);
  }
}
