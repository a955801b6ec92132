package dev.forearm.models.fuzz;

import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.HostTensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;

/**
 * Bytes that claim to be NumPy arrays: an even first byte gives the whole zip, an odd one a single
 * array, which is then zipped rightly, so that the fuzzer need not guess checksums.
 */
public final class NpzFuzz {
  private static final String NAME = "fuzz.npz";

  private NpzFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    boolean array = (input[0] & 1) != 0;
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    Fuzzed.refusesOrSucceeds(
        NAME,
        () -> {
          try {
            Npz.read(NAME, new ByteArrayInputStream(array ? zipped(rest) : rest))
                .values()
                .forEach(HostTensor::doubles);
          } catch (ZipException | EOFException _) {
            // Of a stream; a file's read turns it into a refusal.
          }
        });
  }

  private static byte[] zipped(byte[] array) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(array);
    }
    return bytes.toByteArray();
  }
}
