package dev.forearm.runtime.episode;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.runtime.mcap.McapWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodeSurveyTest {
  private static final long MILLI = 1_000_000;

  @TempDir Path folder;

  /** 100 Hz without 1.00 to 1.50 s, one stamp older than the one before; and irregular events. */
  private Path write() throws IOException {
    Path file = folder.resolve("x.mcap");
    try (McapWriter writer =
        new McapWriter(FileChannel.open(file, CREATE_NEW, WRITE), "ros2", "test", 1)) {
      writer.metadata(EpisodeInfo.RECORD, Map.of("task", "lift"));
      int schema = writer.addSchema("std_msgs/msg/String", "ros2msg", "string data\n");
      int beat = writer.addChannel(schema, "/beat", "cdr", Map.of());
      int events = writer.addChannel(schema, "/events", "cdr", Map.of());
      for (int i = 0; i < 200; i++) {
        long nanos = 10L * i * MILLI;
        if (i <= 100 || i >= 150) {
          long stamp = i == 60 ? nanos - 25 * MILLI : nanos;
          writer.message(beat, nanos, stamp, ByteBuffer.allocate(8), 0, 8);
        }
        if (i * i % 37 == 0) {
          writer.message(events, nanos, nanos, ByteBuffer.allocate(4), 0, 4);
        }
      }
      writer.metadata(
          EpisodeOutcome.RECORD, Map.of("result", "success", "dropped", "3", "dropped:/beat", "3"));
      writer.finish();
    }
    return file;
  }

  @Test
  void aTopicWithABeatTellsItsGapsAndStampsThatStepBack() throws IOException {
    EpisodeSurvey survey = EpisodeSurvey.read(write());
    TopicTimes beat = survey.topics().getFirst();
    assertEquals("/beat", beat.topic());
    assertEquals(100.0, beat.rateHz());
    assertEquals(151 * 8, beat.bytes());
    assertEquals(List.of(new TopicTimes.Gap(1000 * MILLI, 500 * MILLI)), beat.gaps());
    assertEquals(1, beat.stepsBack());
  }

  @Test
  void aTopicOfEventsHasNoGaps() throws IOException {
    assertEquals(List.of(), EpisodeSurvey.read(write()).topics().getLast().gaps());
  }

  @Test
  void theHeadingTellsHowItEndedAndWhatWasLost() throws IOException {
    EpisodeSurvey survey = EpisodeSurvey.heading(write());
    assertEquals("success", survey.result());
    assertEquals(3, survey.dropped());
    assertEquals("3 on /beat", survey.droppedByTopic());
    assertEquals(1.99, survey.seconds(), 1e-9);
  }
}
