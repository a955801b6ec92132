package dev.forearm.models.npz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.HostTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NpzTest {
  @TempDir private Path folder;

  private Path file(int zeros) {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    arrays.put("a", HostTensor.ofFloats(new long[] {2, 1}, 1, -2));
    arrays.put("zeros", HostTensor.ofLongs(new long[] {zeros}, new long[zeros]));
    Path file = folder.resolve("x.npz");
    Npz.write(file, arrays);
    return file;
  }

  @Test
  void whatIsWrittenIsReadAgainInOrder() {
    Map<String, HostTensor> read = Npz.read(file(3));
    assertEquals("[a, zeros]", read.keySet().toString());
    assertTrue(
        HostTensor.ofFloats(new long[] {2, 1}, 1, -2)
            .sameAs(Objects.requireNonNull(read.get("a"))));
  }

  @Test
  void aSmallFileThatUnpacksToALotIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(file(1 << 16));
    assertTrue(bytes.length < 1 << 13, bytes.length + " bytes packed");
    String message = Refusal.of(() -> Npz.read("x.npz", new ByteArrayInputStream(bytes), 1 << 17));
    assertTrue(message.contains("x.npz") && message.contains("131,072 bytes"), message);
  }

  /** What {@code numpy.save} writes of an array of one element. */
  private static byte[] npy(String descr, byte... data) {
    String text = "{'descr': %s, 'fortran_order': False, 'shape': (1,), }\n".formatted(descr);
    ByteBuffer out = ByteBuffer.allocate(10 + text.length() + data.length);
    out.order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.putShort((short) text.length()).put(text.getBytes(StandardCharsets.US_ASCII)).put(data);
    return out.array();
  }

  private Path zip(Map<String, byte[]> arrays) throws IOException {
    Path file = folder.resolve("mixed.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    }
    return file;
  }

  @Test
  void arraysThatHoldNoNumbersAreLeftOutAndNamed() throws IOException {
    Map<String, byte[]> arrays = new TreeMap<>();
    arrays.put("number", npy("'<f4'", new byte[4]));
    arrays.put("text", npy("'<U2'", new byte[8]));
    arrays.put("bytes", npy("'|S3'", new byte[3]));
    arrays.put("object", npy("'|O'", new byte[40]));
    arrays.put("date", npy("'<M8[ns]'", new byte[8]));
    arrays.put("structure", npy("[('a', '<f4'), ('b', '<i8')]", new byte[12]));
    arrays.put("complex", npy("'<c8'", new byte[8]));
    arrays.put("other_end", npy("'>f8'", new byte[8]));
    Map<String, String> others = new TreeMap<>();
    assertEquals(Set.of("number"), Npz.read(zip(arrays), others::put).keySet());
    assertEquals(
        "{bytes=text ('|S3'), complex=complex numbers ('<c8'), date=dates ('<M8[ns]'),"
            + " object=Python objects ('|O'), other_end=big-endian numbers ('>f8'),"
            + " structure=structures ([('a', '<f4'), ('b', '<i8')]), text=text ('<U2')}",
        others.toString());
    arrays.remove("number");
    String message = Refusal.of(() -> Npz.read(folder.resolve(zip(arrays))));
    assertTrue(message.contains("found no array of numbers beside"), message);
  }

  @Test
  void aMissingFileIsSaidToBeMissing() {
    Path none = folder.resolve("none.npz");
    assertEquals("read " + none + ": there is no such file", Refusal.of(() -> Npz.read(none)));
  }

  @Test
  void aFileCutOffAnywhereIsRefusedByName() throws IOException {
    byte[] whole = Files.readAllBytes(file(3));
    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(whole, length));
      String message = Refusal.of(() -> Npz.read(cut));
      assertTrue(message.contains("cut.npz"), message);
    }
  }
}
