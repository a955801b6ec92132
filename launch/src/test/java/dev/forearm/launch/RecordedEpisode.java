package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.robot.EpisodeReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** An episode of everything that can be in one: cameras, and a student whom the expert coaches. */
final class RecordedEpisode {
  private RecordedEpisode() {}

  static Path in(Path folder) {
    StringWriter said = new StringWriter();
    int exitCode =
        Main.run(
            new PrintWriter(said, true),
            "record",
            "--task",
            "lift",
            "--episodes",
            "1",
            "--seed",
            "3",
            "--cameras",
            "--student",
            "../models/bundles/lift-sft",
            "--out",
            folder.toString());
    assertEquals(0, exitCode, said::toString);
    return EpisodeReader.files(folder).getFirst();
  }
}
