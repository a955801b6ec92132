package dev.forearm.runtime.mcap;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class McapScanTest {
  private static final int CHUNKS = 6;
  private static final int PER_CHUNK = 5;

  @TempDir Path folder;
  private Path whole;

  /** File sizes after which 1, 2, ... chunks with their indexes are in the file. */
  private final List<Long> chunkEnds = new ArrayList<>();

  @BeforeEach
  void writeSmallFile() throws IOException {
    whole = folder.resolve("whole.mcap");
    try (McapWriter writer = writer(whole)) {
      int schema = writer.addSchema("std_msgs/msg/String", "ros2msg", "string data\n");
      int a = writer.addChannel(schema, "/a", "cdr", Map.of("k", "v"));
      int b = writer.addChannel(schema, "/b", "cdr", Map.of());
      writer.metadata("about", Map.of("seed", "7"));
      Random random = new Random(7);
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        for (int i = 0; i < PER_CHUNK; i++) {
          byte[] payload = new byte[random.nextInt(40)];
          random.nextBytes(payload);
          long time = 100L * chunk + i;
          writer.message(
              i % 2 == 0 ? a : b, time, time - 1, ByteBuffer.wrap(payload), 0, payload.length);
        }
        writer.closeChunk();
        chunkEnds.add(writer.writtenBytes());
      }
      writer.finish();
    }
  }

  private static McapWriter writer(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, CREATE_NEW, WRITE);
    return new McapWriter(file, "ros2", "test", 1);
  }

  @Test
  void aClosedWriterHasGivenItsMemoryBack() throws IOException {
    McapWriter writer = writer(folder.resolve("closed.mcap"));
    int channel = writer.addChannel(writer.addSchema("A", "ros2msg", ""), "/a", "cdr", Map.of());
    writer.close();
    writer.close(); // who gave up may close what was finished
    ByteBuffer payload = ByteBuffer.allocate(8);
    assertThrows(IllegalStateException.class, () -> writer.message(channel, 1, 1, payload, 0, 8));
  }

  private static McapScan.Ending scan(Path path, List<Long> times) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      return McapScan.scan(file, (channel, sequence, log, publish, payload) -> times.add(log));
    }
  }

  @Test
  void aFinishedFileIsCompleteAndGivesItsMessages() throws IOException {
    List<Long> times = new ArrayList<>();
    McapScan.Ending ending = scan(whole, times);
    assertTrue(ending.complete(), ending.problem());
    assertEquals(CHUNKS * PER_CHUNK, times.size());
  }

  @Test
  void cutAtAnyByteEveryWholeChunkIsReadAndTheReaderRefuses() throws IOException {
    try (FileChannel file = FileChannel.open(whole, READ, WRITE)) {
      for (long length = file.size() - 1; length >= 0; length--) {
        file.truncate(length);
        List<Long> times = new ArrayList<>();
        McapScan.Ending ending = scan(whole, times);
        assertFalse(ending.complete());
        assertEquals(length, ending.fileBytes());
        long limit = length;
        long wholeChunks = chunkEnds.stream().filter(end -> end <= limit).count();
        assertTrue(
            times.size() >= PER_CHUNK * wholeChunks,
            "%s messages of %s chunks in %s bytes".formatted(times.size(), wholeChunks, length));
        assertTrue(times.size() <= PER_CHUNK * (wholeChunks + 1));
        assertThrows(RuntimeFault.class, () -> McapReader.open(whole));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void damageAnywhereIsReportedOrHarmlessAndNeverCrashesTheReader(long seed) throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    Random random = new Random(seed);
    try (FileChannel file = FileChannel.open(whole, READ, WRITE)) {
      for (int trial = 0; trial < 400; trial++) {
        byte[] copy = bytes.clone();
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        file.write(ByteBuffer.wrap(copy), 0);
        scan(whole, new ArrayList<>());
        try (McapReader reader = McapReader.open(whole)) {
          reader.read((channel, sequence, log, publish, payload) -> {});
        } catch (RuntimeFault refused) {
          assertTrue(
              String.valueOf(refused.getMessage()).contains(whole.toString()),
              refused.getMessage());
        }
      }
    }
  }

  @Test
  void aDamagedChunkIsLeftOutAndTheOthersAreRead() throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    bytes[(int) (chunkEnds.get(1) + 60)] ^= 0x55; // in the body of the third chunk
    Path damaged = folder.resolve("damaged.mcap");
    Files.write(damaged, bytes);
    List<Long> times = new ArrayList<>();
    McapScan.Ending ending = scan(damaged, times);
    assertEquals(1, ending.damagedChunks());
    assertFalse(ending.complete());
    assertEquals((CHUNKS - 1) * PER_CHUNK, times.size());
    assertFalse(times.contains(200L));

    try (McapReader reader = McapReader.open(damaged)) {
      RuntimeFault fault =
          assertThrows(
              RuntimeFault.class,
              () -> reader.read((channel, sequence, log, publish, payload) -> {}));
      assertTrue(String.valueOf(fault.getMessage()).contains("chunk"), fault.getMessage());
    }
  }

  @Test
  void aFileOfAnotherKindIsRefusedByName() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "not a recording");
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> McapReader.open(text));
    assertTrue(
        String.valueOf(fault.getMessage()).contains("does not start as MCAP"), fault.getMessage());
    RuntimeFault missing =
        assertThrows(RuntimeFault.class, () -> McapReader.open(folder.resolve("none.mcap")));
    assertTrue(String.valueOf(missing.getMessage()).contains("no such file"), missing.getMessage());
  }

  @Test
  void anUnknownCompressionIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (int at = text.indexOf("zstd"); at >= 0; at = text.indexOf("zstd", at + 1)) {
      bytes[at] = 'x';
    }
    Path other = folder.resolve("other.mcap");
    Files.write(other, bytes);
    McapScan.Ending ending = scan(other, new ArrayList<>());
    assertTrue(ending.problem().contains("'xstd'"), ending.problem());
  }

  @Test
  void messagesOfOverlappingChunksComeInTheOrderOfTime() throws IOException {
    Path path = folder.resolve("overlap.mcap");
    Random random = new Random(11);
    try (McapWriter writer = writer(path)) {
      int schema = writer.addSchema("std_msgs/msg/String", "ros2msg", "string data\n");
      int a = writer.addChannel(schema, "/a", "cdr", Map.of());
      int b = writer.addChannel(schema, "/b", "cdr", Map.of());
      for (int chunk = 0; chunk < 20; chunk++) {
        for (int i = 0; i < 10; i++) {
          long time = 50L * chunk + random.nextInt(200);
          writer.message(i % 2 == 0 ? a : b, time, time, ByteBuffer.allocate(4), 0, 4);
        }
        writer.closeChunk();
      }
      writer.finish();
    }
    List<Long> all = new ArrayList<>();
    List<Long> some = new ArrayList<>();
    try (McapReader reader = McapReader.open(path)) {
      reader.read((channel, sequence, log, publish, payload) -> all.add(log));
      reader.read(Set.of("/b"), (channel, sequence, log, publish, payload) -> some.add(log));
      assertEquals(all.getFirst(), reader.startNanos());
      assertEquals(all.getLast(), reader.endNanos());
      assertEquals(100, reader.messageCount("/b"));
    }
    assertEquals(200, all.size());
    assertEquals(all.stream().sorted().toList(), all);
    assertEquals(100, some.size());
    assertEquals(some.stream().sorted().toList(), some);
  }
}
