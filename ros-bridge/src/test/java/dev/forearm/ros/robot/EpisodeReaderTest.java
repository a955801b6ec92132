package dev.forearm.ros.robot;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.mcap.McapWriter;
import dev.forearm.runtime.policy.Driver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodeReaderTest {
  @TempDir Path folder;

  /** An episode of one-value observations in which nobody says who drove. */
  private Path write(List<String> names, long... stamps) throws IOException {
    Path file = folder.resolve("x.mcap");
    try (McapWriter writer =
        new McapWriter(FileChannel.open(file, CREATE_NEW, WRITE), "ros2", "test", 1)) {
      for (String name : names) {
        writer.metadata(EpisodeInfo.RECORD, Map.of("name", name, "task", "lift"));
      }
      int schema = writer.addSchema(Float32MultiArray.TYPE.name(), "ros2msg", "");
      int topic = writer.addChannel(schema, EpisodeTap.OBSERVATION, "cdr", Map.of());
      Float32MultiArray.Buffer message = new Float32MultiArray.Buffer();
      CdrWriter cdr = new CdrWriter(100);
      for (long stamp : stamps) {
        message.data.assign(new float[] {stamp}, 1);
        message.encode(cdr);
        writer.message(
            topic, stamp, stamp, cdr.segment().asByteBuffer(), 0, Math.toIntExact(cdr.length()));
      }
      writer.finish();
    }
    return file;
  }

  private static String refusal(Path file) {
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> EpisodeReader.read(file));
    String message = String.valueOf(fault.getMessage());
    assertTrue(message.contains(file.toString()), message);
    return message;
  }

  @Test
  void anEpisodeThatDoesNotSayWhoDroveIsReadAndItsDriverIsUnknown() throws IOException {
    RecordedPlans plans = EpisodeReader.read(write(List.of("a"), 10, 20));
    assertArrayEquals(new float[] {20}, plans.observations().get(20L));
    assertEquals(new Driver.Unknown(), plans.driver(20));
  }

  @Test
  void episodesMergedIntoOneFileAreNamedAndRefused() throws IOException {
    String refusal = refusal(write(List.of("lift-1", "lift-2"), 10, 20));
    assertTrue(refusal.contains("2 episodes (lift-1, lift-2)"), refusal);
  }

  @Test
  void twoObservationsOfOneStampAreRefused() throws IOException {
    assertTrue(refusal(write(List.of("a"), 10, 20, 20, 30)).contains("at 20 ns"));
  }

  @Test
  void messagesOfTwoRecordingsBetweenEachOtherAreRefused() throws IOException {
    assertTrue(refusal(write(List.of("a"), 10, 30, 20, 40)).contains("merged"));
  }

  @Test
  void aFileWithoutObservationsIsNoEpisode() throws IOException {
    assertTrue(refusal(write(List.of("a"))).contains("no message on " + EpisodeTap.OBSERVATION));
  }

  @Test
  void whatIsBeingRecordedIsListedAndRefused() throws IOException {
    Path whole = write(List.of("a"), 10);
    Path open = Files.copy(whole, folder.resolve("y.mcap.open"));
    assertEquals(List.of(whole, open), EpisodeReader.files(folder));
    assertTrue(refusal(open).contains("its recorder died"));
  }
}
