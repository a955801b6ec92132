package dev.forearm.ros.fuzz;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.forearm.ros.dds.Peers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays back all that fuzzing ever found, and some inputs that are drawn. */
final class FuzzCorpusTest {
  private static final Map<String, Consumer<byte[]>> TARGETS =
      Map.of(
          "CdrFuzz", CdrFuzz::fuzzerTestOneInput,
          "CycloneFuzz", CycloneFuzz::fuzzerTestOneInput,
          "DiscoveryFuzz", DiscoveryFuzz::fuzzerTestOneInput);

  private static final int DRAWN = 3_000;
  private static final int LONGEST = 400;

  @TestFactory
  @Timeout(value = 60, unit = SECONDS) // against an endless loop
  Stream<DynamicTest> everyInputEndsInSuccessOrInARefusal() {
    return TARGETS.entrySet().stream()
        .flatMap(target ->
            inputs(target.getKey()).stream()
                .map(input ->
                    DynamicTest.dynamicTest(
                        target.getKey() + " " + input.getFileName(),
                        () -> play(target.getKey(), Files.readAllBytes(input)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CdrFuzz", "CycloneFuzz", "DiscoveryFuzz"})
  void inputsThatAreDrawnEndInSuccessOrInARefusal(String target) {
    Random seed41 = new Random(41);
    for (int i = 0; i < DRAWN; i++) {
      byte[] input = new byte[seed41.nextInt(LONGEST)];
      seed41.nextBytes(input);
      play(target, input);
    }
  }

  private static void play(String target, byte[] input) {
    if (target.equals("CycloneFuzz")) {
      Peers.requireCyclone();
    }
    Objects.requireNonNull(TARGETS.get(target), target).accept(input);
  }

  private static List<Path> inputs(String target) {
    try {
      Path corpus =
          Path.of(
              Objects.requireNonNull(FuzzCorpusTest.class.getResource("/fuzz/" + target)).toURI());
      try (Stream<Path> files = Files.list(corpus)) {
        return files.sorted().toList();
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
