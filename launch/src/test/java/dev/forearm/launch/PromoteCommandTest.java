package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromoteCommandTest {
  private static final Path BUNDLE = Path.of("..", "models", "bundles", "lift-sft");
  private static final Path EPISODES =
      Path.of(
          Objects.requireNonNull(PromoteCommandTest.class.getResource("train/episodes")).getPath());

  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String... arguments) {
    return Main.run(new PrintWriter(err, true), arguments);
  }

  private int promote(Path candidate, String... more) {
    List<String> first =
        List.of("promote", candidate.toString(), "--into", shelf(), "--json", json().toString());
    return run(joined(first, more));
  }

  private static String[] joined(List<String> first, String... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private String shelf() {
    return folder.resolve("shelf").toString();
  }

  private Path json() {
    return folder.resolve("result.json");
  }

  private Object result(String key) throws IOException {
    Map<?, ?> result =
        (Map<?, ?>) Objects.requireNonNull(Json.read(Files.readString(json()).strip()));
    return Objects.requireNonNull(result.get(key), key);
  }

  private Map<?, ?> finding(String check) throws IOException {
    for (Object finding : (List<?>) result("findings")) {
      Map<?, ?> found = (Map<?, ?>) finding;
      if (check.equals(found.get("check"))) {
        return found;
      }
    }
    return Map.of();
  }

  private String verdict(String check) throws IOException {
    return String.valueOf(finding(check).get("verdict"));
  }

  private Map<?, ?> numbers(String check) throws IOException {
    return (Map<?, ?>) Objects.requireNonNull(finding(check).get("numbers"));
  }

  private String active() {
    return PolicyShelf.open(Path.of(shelf())).active().map(ShelfVersion::id).orElse("none");
  }

  /** A child of lift-sft whose actor's weights are scaled. */
  private Path scaled(String name, float factor) {
    Path child = folder.resolve(name);
    try (Bundle bundle = BundleReader.read(BUNDLE, Trust.anyone())) {
      Map<String, HostTensor> weights = new LinkedHashMap<>();
      bundle
          .checkpoint()
          .forEach((weight, value) -> {
            if (bundle.weightsOf(Bundle.Half.ACTOR).contains(weight)) {
              float[] numbers = value.floats();
              for (int i = 0; i < numbers.length; i++) {
                numbers[i] *= factor;
              }
              weights.put(weight, HostTensor.ofFloats(value.dims(), numbers));
            }
          });
      BundleWriter.write(bundle, weights, child, Map.of("command", "test"));
    }
    return child;
  }

  @Test
  void anEqualCandidateDrivesAWorseOneDoesNotAndRollbackReturns() throws IOException {
    assertEquals(0, promote(BUNDLE), err::toString);
    String[] quick = {"--margin", "0.3", "--seed", "12", "--episodes-max", "40"};
    assertEquals(0, promote(scaled("equal", 1), quick), err::toString);
    assertEquals("promoted", result("decision"));
    assertEquals("passed", verdict("repeatability"));
    assertEquals("v2", active());

    assertEquals(1, promote(scaled("worse", 0.3f), quick), err::toString);
    assertEquals("refused", result("decision"));
    assertEquals("refused", verdict("evaluation"));
    assertEquals("v2", active());
    String sha256 = PolicyShelf.open(Path.of(shelf())).version("v2").sha256();

    String[] once = {"--episodes", "1", "--json", json().toString()};
    assertEquals(0, run(joined(List.of("evaluate", "--bundle", shelf()), once)), err::toString);
    assertEquals(sha256, result("bundle_sha256"));

    assertEquals(0, run("policies", shelf(), "--json", json().toString()), err::toString);
    assertEquals(
        List.of("retired", "active", "refused"),
        ((List<?>) result("versions"))
            .stream().map(version -> ((Map<?, ?>) version).get("state")).toList());
    assertEquals(0, run("rollback", shelf()), err::toString);
    assertEquals("v1", active());
    assertEquals(1, run("rollback", shelf()));
    assertTrue(err.toString().contains("no version that was active before"), err::toString);
  }

  @Test
  void fromLogsAloneItWaitsUnlessUnprovenOnesAreAccepted() throws IOException {
    assertEquals(0, promote(BUNDLE), err::toString);
    Path candidate = scaled("near", 1.02f);
    String[] logs = {"--no-evaluation", "--logs", EPISODES.toString()};
    assertEquals(1, promote(candidate, logs), err::toString);
    assertEquals("unproven", result("decision"));
    assertEquals("passed", verdict("actions"));
    assertEquals("cannot_tell", verdict("consequences"));
    assertEquals("not_checked", verdict("evaluation"));
    assertEquals("v1", active());
    assertEquals(
        0,
        run(
            "promote",
            "v2",
            "--into",
            shelf(),
            "--no-evaluation",
            "--accept-unproven",
            "--logs",
            EPISODES.toString()),
        err::toString);
    assertEquals("v2", active());
  }

  /** Who is told of a turned joint that is none aims beside everything. */
  @Test
  void aCandidateIsComparedAsTheRobotDrives() throws IOException {
    assertEquals(0, promote(BUNDLE), err::toString);
    Path servos = folder.resolve("servos.yaml");
    Files.writeString(servos, FoundServos.turned(House.robot("tabletop"), 0.1).text());
    String[] asDriven = {
      "--actuators",
      servos.toString(),
      "--skip-steps",
      "2",
      "--regrasp",
      "--margin",
      "0.3",
      "--seed",
      "12",
      "--episodes-max",
      "40"
    };
    assertEquals(0, promote(scaled("equal", 1), asDriven), err::toString);
    assertEquals("promoted", result("decision"));
    assertEquals(0.0, numbers("evaluation").get("incumbent_successes"));
    assertEquals(0.0, numbers("evaluation").get("candidate_successes"));
    String how = ", --actuators=%s, --skip-steps=2, --regrasp".formatted(servos);
    assertTrue(finding("evaluation").toString().contains(how), finding("evaluation")::toString);
  }

  @Test
  void actionsFarFromTheIncumbentsAreRefusedByJoint() throws IOException {
    assertEquals(0, promote(BUNDLE), err::toString);
    assertEquals(1, promote(scaled("wild", 6), "--logs", EPISODES.toString()), err::toString);
    assertEquals("refused", verdict("actions"));
    assertTrue(String.valueOf(result("reason")).startsWith("joint 'panda_"));
  }

  @Test
  void withATrustedKeyAnUnsignedBundleIsRefusedUnlessThatIsAllowed() throws Exception {
    byte[] encoded =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    String body = Base64.getEncoder().encodeToString(encoded);
    Path key = Files.writeString(folder.resolve("key.pem"), body);
    assertEquals(1, promote(BUNDLE, "--trusted", key.toString()));
    assertEquals("refused", verdict("bundle"));
    assertEquals("none", active());
    assertEquals(0, promote(BUNDLE, "--trusted", key.toString(), "--unsigned"), err::toString);
    assertEquals("v1", active());
  }
}
