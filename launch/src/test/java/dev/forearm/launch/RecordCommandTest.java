package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordCommandTest {
  private static final String STUDENT = "../models/bundles/lift-sft";

  @TempDir private Path folder;

  private List<RecordedPlans> record(String... more) {
    return recordInto(folder.resolve("episodes"), more);
  }

  private static List<RecordedPlans> recordInto(Path folder, String... more) {
    StringWriter said = new StringWriter();
    String[] record = {"record", "--task", "lift", "--episodes", "2", "--out", folder.toString()};
    String[] all = Stream.of(record, more).flatMap(Arrays::stream).toArray(String[]::new);
    assertEquals(0, Main.run(new PrintWriter(said, true), all), said::toString);
    return EpisodeReader.files(folder).stream().map(EpisodeReader::read).toList();
  }

  private static Set<Class<?>> drivers(List<RecordedPlans> episodes) {
    return episodes.stream()
        .flatMap(episode -> episode.drivers().values().stream())
        .map(Driver::getClass)
        .collect(Collectors.toSet());
  }

  @Test
  void anExpertDemonstrates() {
    List<RecordedPlans> episodes = record();
    assertEquals(2, episodes.size());
    assertEquals(Set.of(Driver.Expert.class), drivers(episodes));
  }

  @Test
  void aStudentAndTheExpertDriveByTurns() {
    assertEquals(
        Set.of(Driver.Expert.class, Driver.Learned.class), drivers(record("--student", STUDENT)));
  }

  @Test
  void demonstrationsDriveInTheExpertsPlaceAndSaySo() {
    Path shown = folder.resolve("shown");
    recordInto(shown, "--seed", "5");
    List<RecordedPlans> alone =
        recordInto(folder.resolve("alone"), "--teacher", shown.toString(), "--seed", "5");
    assertEquals(Set.of(Driver.Retrieval.class), drivers(alone));
    assertTrue(alone.stream().allMatch(RecordedPlans::succeeded), "from where it was demonstrated");
    List<RecordedPlans> byTurns =
        recordInto(folder.resolve("turns"), "--teacher", shown.toString(), "--student", STUDENT);
    assertEquals(Set.of(Driver.Retrieval.class, Driver.Learned.class), drivers(byTurns));
  }
}
