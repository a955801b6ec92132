package dev.forearm.models.fuzz;

import dev.forearm.models.safetensors.SafetensorsFile;
import dev.forearm.models.safetensors.TensorView;

/** Bytes that claim to be a safetensors file. */
public final class SafetensorsFuzz {
  private static final String NAME = "fuzz.safetensors";

  private SafetensorsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzzed.refusesOrSucceeds(
        NAME,
        () -> {
          try (SafetensorsFile file = SafetensorsFile.of(NAME, input)) {
            for (TensorView tensor : file.tensors().values()) {
              long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
              if (elements * tensor.type().bytes() != tensor.data().byteSize()) {
                throw new AssertionError(tensor + " has " + tensor.data().byteSize() + " bytes");
              }
            }
          }
        });
  }
}
