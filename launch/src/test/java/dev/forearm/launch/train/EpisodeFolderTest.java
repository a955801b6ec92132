package dev.forearm.launch.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.samples.EpisodeSamples;
import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EpisodeFolderTest {
  private static final Path BUNDLES = Path.of("..", "models", "bundles");

  @TempDir Path folder;
  private final List<String> reported = new ArrayList<>();

  private static byte[] episode() throws IOException {
    return Files.readAllBytes(
        Path.of(
            Objects.requireNonNull(EpisodeFolderTest.class.getResource("episodes/1-whole.mcap"))
                .getPath()));
  }

  private int read(Path place, EpisodeSamples samples) {
    return EpisodeFolder.read(place, samples, reported::add);
  }

  @Test
  void anOddEpisodeIsReportedAndSkippedAndTheOthersAreLearnedFrom() throws IOException {
    byte[] whole = episode();
    Files.write(folder.resolve("whole.mcap"), whole);
    Files.write(folder.resolve("._whole.mcap"), new byte[] {0, 5, 22, 7});
    Files.write(folder.resolve("cut.mcap"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(folder.resolve("dead.mcap.open"), whole);
    Files.createFile(folder.resolve("empty.mcap"));
    Files.createDirectory(folder.resolve("folder.mcap"));
    Files.createSymbolicLink(folder.resolve("link.mcap"), folder.resolve("nowhere"));
    Files.writeString(folder.resolve("notes.txt"), "no episode at all");
    try (Bundle bundle = BundleReader.read(BUNDLES.resolve("lift-sft"), Trust.anyone())) {
      EpisodeSamples samples = new EpisodeSamples(bundle.manifest(), bundle.statistics());
      assertEquals(6, read(folder, samples));
      assertEquals(1, samples.used());
      assertEquals(25, samples.samples().size());
    }
    assertEquals(6, reported.size());
    for (String name :
        List.of("._whole", "cut", "dead.mcap.open", "empty", "folder.mcap", "link.mcap")) {
      assertTrue(
          reported.stream().anyMatch(line -> line.contains("/" + name) && !line.contains("\n")),
          () -> name + " in " + reported);
    }
  }

  @Test
  void anEpisodeThatIsNamedSinglyIsRefused() throws IOException {
    Path stub = Files.write(folder.resolve("._x.mcap"), new byte[] {0, 5, 22, 7});
    Path whole = Files.write(folder.resolve("x.mcap"), episode());
    try (Bundle tidy = BundleReader.read(BUNDLES.resolve("tidy-sft"), Trust.anyone())) {
      EpisodeSamples samples = new EpisodeSamples(tidy.manifest(), tidy.statistics());
      assertThrows(RuntimeFault.class, () -> read(stub, samples));
      assertThrows(ModelsFault.class, () -> read(whole, samples), "it is of another task");
      assertEquals(List.of(), reported);
    }
  }

  @Test
  void aFolderOfWhichNothingRemainsIsRefusedWithEveryReason() throws IOException {
    Files.write(folder.resolve("._x.mcap"), new byte[] {0, 5, 22, 7});
    Files.write(folder.resolve("x.mcap"), episode());
    try (Bundle tidy = BundleReader.read(BUNDLES.resolve("tidy-sft"), Trust.anyone())) {
      EpisodeSamples samples = new EpisodeSamples(tidy.manifest(), tidy.statistics());
      LaunchFailure failure = assertThrows(LaunchFailure.class, () -> read(folder, samples));
      assertTrue(String.valueOf(failure.getMessage()).contains("all 2"), failure::toString);
      assertEquals(2, reported.size());
    }
  }
}
