package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.RecordedPlans;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabelCommandTest {
  private static final List<String> NAMES = List.of("1-whole", "2-coached", "4-failed");

  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    for (String name : NAMES) {
      String file = name + ".mcap";
      try (InputStream in =
          Objects.requireNonNull(getClass().getResourceAsStream("train/episodes/" + file))) {
        Files.copy(in, folder.resolve(file));
      }
    }
  }

  private int label(String... more) {
    String[] all = new String[more.length + 1];
    all[0] = "label";
    System.arraycopy(more, 0, all, 1, more.length);
    return Main.run(new PrintWriter(err, true), all);
  }

  private Path episode(int index) {
    return folder.resolve(NAMES.get(index) + ".mcap");
  }

  @Test
  void labelsAreTakenAway() {
    assertEquals(0, label(episode(2).toString(), "--success"), err::toString);
    assertTrue(EpisodeLabels.read(episode(2)).isPresent());
    assertEquals(1, label(episode(2).toString(), "--unlabel", "--failure"), err::toString);
    assertEquals(0, label(episode(2).toString(), "--unlabel"), err::toString);
    assertTrue(EpisodeLabels.read(episode(2)).isEmpty());
    assertEquals("failure", EpisodeReader.read(episode(2)).outcome().get("result"));
  }

  @Test
  void labelsGoBeforeWhatTheEpisodeSaysAndLeaveItAsItIs() throws IOException {
    byte[] before = Files.readAllBytes(episode(2));
    RecordedPlans recorded = EpisodeReader.read(episode(2));
    assertFalse(recorded.succeeded());
    assertEquals(
        0,
        label(episode(2).toString(), "--success", "--stage", "1@0.25", "--stage", "2@0.5"),
        err::toString);
    RecordedPlans labelled = EpisodeReader.read(episode(2));
    assertTrue(labelled.succeeded());
    long first = recorded.observations().firstKey();
    assertEquals(Map.of(first + 250_000_000, 1, first + 500_000_000, 2), labelled.stages());
    assertArrayEquals(before, Files.readAllBytes(episode(2)));

    assertEquals(0, label(episode(2).toString(), "--failure"), err::toString);
    assertFalse(EpisodeReader.read(episode(2)).succeeded());
    assertEquals(recorded.stages(), EpisodeReader.read(episode(2)).stages());
  }

  @Test
  void aFolderIsLabelledAlikeOrAskedForOneByOne() {
    assertEquals(0, label(folder.toString(), "--failure"), err::toString);
    assertFalse(EpisodeReader.read(episode(0)).succeeded());
    InputStream console = System.in;
    try {
      String answers = "x\ns 1@0.5\n\nf\n";
      System.setIn(new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)));
      assertEquals(0, label(folder.toString()), err::toString);
    } finally {
      System.setIn(console);
    }
    assertTrue(EpisodeReader.read(episode(0)).succeeded());
    assertEquals(1, EpisodeReader.read(episode(0)).stages().size());
    assertFalse(EpisodeReader.read(episode(1)).succeeded(), "Enter leaves it as it is");
    assertFalse(EpisodeReader.read(episode(2)).succeeded());
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    assertEquals(1, label(episode(0).toString(), "--success", "--failure"));
    assertEquals(1, label(episode(0).toString(), "--stage", "2@1", "--stage", "1@2"));
    assertTrue(err.toString().contains("wanted each later and higher"), err::toString);
    assertEquals(1, label(episode(0).toString(), "--stage", "one@1"));
    assertEquals(1, label(folder.toString(), "--stage", "1@1"));
    assertFalse(Files.exists(EpisodeLabels.file(episode(0))));
    Files.writeString(EpisodeLabels.file(episode(0)), "{\"succes\": true, \"stages\": []}");
    String message =
        String.valueOf(
            assertThrows(RuntimeFault.class, () -> EpisodeReader.read(episode(0))).getMessage());
    assertTrue(message.contains("did you mean 'success'"), message);
  }
}
