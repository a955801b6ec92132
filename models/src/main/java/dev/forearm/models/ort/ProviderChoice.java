package dev.forearm.models.ort;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a person wants graphs to be computed. */
public sealed interface ProviderChoice {
  /** Words for {@link #parse}. */
  String WORDS = "auto, cpu, cuda or cuda:DEVICE";

  /** On the CPU, on one thread, the same bits each time. */
  record Cpu() implements ProviderChoice {
    @Override
    public String toString() {
      return "cpu";
    }
  }

  /**
   * On a GPU.
   *
   * @param device by CUDA's count, from 0
   * @param memoryBytes most that each graph's arena may take there
   */
  record Cuda(int device, long memoryBytes) implements ProviderChoice {
    public Cuda {
      if (device < 0 || memoryBytes <= 0) {
        throw new IllegalArgumentException(
            "CUDA device %s with %s bytes: wanted a device from 0 and memory"
                .formatted(device, memoryBytes));
      }
    }

    @Override
    public String toString() {
      return "cuda:" + device;
    }
  }

  /**
   * Each graph where its warm-up input goes through fastest.
   *
   * @param gpu that competes with the CPU
   */
  record Auto(Cuda gpu) implements ProviderChoice {
    @Override
    public String toString() {
      return "auto";
    }
  }

  /**
   * Reads what a person wrote.
   *
   * @param memoryBytes as {@link Cuda}
   * @throws IllegalArgumentException with what was found and wanted
   */
  static ProviderChoice parse(String text, long memoryBytes) {
    Matcher cuda = Pattern.compile("cuda(?::(\\d{1,3}))?").matcher(text);
    if (cuda.matches()) {
      String device = cuda.group(1);
      return new Cuda(device == null ? 0 : Integer.parseInt(device), memoryBytes);
    }
    return switch (text) {
      case "cpu" -> new Cpu();
      case "auto" -> new Auto(new Cuda(0, memoryBytes));
      default ->
          throw new IllegalArgumentException(
              "--provider %s: wanted one of %s".formatted(text, WORDS));
    };
  }
}
