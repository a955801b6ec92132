package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GradientProbeTest {
  @TempDir private Path folder;

  @Test
  void arraysThatHoldNoNumbersAreNamedByTheirFile() throws IOException {
    Path plain = folder.resolve("plain.npz");
    Path mixed = folder.resolve("mixed.npz");
    Npz.write(plain, Map.of("target", HostTensor.ofFloats(new long[] {1}, new float[1])));
    Npz.write(mixed, Map.of("in.x", HostTensor.ofFloats(new long[] {1}, new float[1])));
    try (FileSystem zip = FileSystems.newFileSystem(mixed)) {
      Files.write(zip.getPath("note.npy"), oneText());
    }
    Map<Path, Map<String, String>> leftOut = new TreeMap<>();
    GradientProbe probe = GradientProbe.read(List.of(plain, mixed), leftOut::put);
    assertEquals(Set.of("in.x", "target"), probe.arrays().keySet());
    assertEquals(Map.of(mixed, Map.of("note", "text ('<U2')")), leftOut);
  }

  private static byte[] oneText() {
    byte[] header =
        "{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }\n"
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer npy = ByteBuffer.allocate(10 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    npy.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    npy.put((byte) 0).putShort((short) header.length).put(header);
    return npy.array();
  }
}
