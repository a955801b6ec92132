package dev.forearm.models.shelf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that adds and promotes versions is killed again and again in the middle of it: what it
 * said was promoted is active, every version listed is whole.
 */
final class ShelfKillTest {
  private static final int KILLS = 6;

  @TempDir private Path folder;

  @Test
  void aKilledPromotionLeavesTheOldVersionActiveOrTheNewOneWhole() throws Exception {
    PolicyShelf shelf = PolicyShelf.openOrMake(folder.resolve("shelf"));
    Random random = new Random(4);
    int inTheMiddle = 0;
    int before = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int acknowledged = killWhilePromoting(kill, random.nextInt(8000));
      inTheMiddle += unfinished() ? 1 : 0;
      int active = number(shelf.active().orElseThrow());
      assertTrue(active >= acknowledged, active + " is older than " + acknowledged);
      assertTrue(active > before, "round " + kill + " promoted nothing");
      before = active;
      for (ShelfVersion version : shelf.versions()) {
        try (Bundle bundle = BundleReader.read(shelf.bundle(version), Trust.anyone())) {
          assertEquals(version.sha256(), bundle.sha256());
        }
      }
      List<ShelfVersion> driving =
          shelf.versions().stream().filter(v -> v.state() instanceof VersionState.Active).toList();
      assertEquals(1, driving.size());
    }
    assertTrue(inTheMiddle > 0, "no kill met a half-written version");
  }

  private int killWhilePromoting(int round, int delayMicros) throws Exception {
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Promoter.class.getName(),
                folder.toString(),
                Integer.toString(round))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = run.inputReader()) {
      int acknowledged = Integer.parseInt(lines.readLine());
      for (int look = 0; look < 100_000 && !unfinished(); look++) {
        Thread.onSpinWait();
      }
      TimeUnit.MICROSECONDS.sleep(delayMicros);
      run.toHandle().destroyForcibly();
      run.waitFor();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged = line.isEmpty() ? acknowledged : Integer.parseInt(line);
      }
      return acknowledged;
    }
  }

  private boolean unfinished() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("shelf/versions"))) {
      return entries.anyMatch(entry -> entry.toString().endsWith(".part"));
    }
  }

  private static int number(ShelfVersion version) {
    return Integer.parseInt(version.id().substring(1));
  }

  /** The process: takes bundle after bundle and promotes each. */
  static final class Promoter {
    private Promoter() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      PolicyShelf shelf = PolicyShelf.open(folder.resolve("shelf"));
      for (int i = 0; ; i++) {
        Path bundle = SmallBundle.named(folder, "r%s-%s".formatted(arguments[1], i));
        ShelfVersion version = shelf.add(bundle);
        shelf.activate(version.id(), List.of());
        System.out.println(number(version));
      }
    }
  }
}
