package dev.forearm.models.npz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.HostTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
