package dev.forearm.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PyTorch eager in a process of its own, run by {@code FOREARM_PYTHON} or {@code python3}. It
 * writes its models as ONNX and then takes steps when asked, so that both sides can be measured in
 * turn.
 */
final class TorchPeer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TorchPeer.class);
  private static final String PROGRAM = "train_peer.py";

  private final Process process;
  private final BufferedReader answers;
  private final Writer questions;
  private final Map<String, Long> trainable = new TreeMap<>();

  private TorchPeer(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts it and waits for its models.
   *
   * @param folder gets the models and reference gradients
   * @return empty, after a warning, where Python has no PyTorch
   */
  static Optional<TorchPeer> start(Path folder, int threads) {
    String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
    try (InputStream program =
        Objects.requireNonNull(TorchPeer.class.getResourceAsStream(PROGRAM), PROGRAM)) {
      Path file = folder.resolve(PROGRAM);
      Files.copy(program, file);
      Path errors = folder.resolve("errors.txt");
      Process process =
          new ProcessBuilder(python, file.toString(), folder.toString(), Integer.toString(threads))
              .redirectError(errors.toFile())
              .start();
      TorchPeer peer = new TorchPeer(process);
      if (peer.awaitModels()) {
        return Optional.of(peer);
      }
      peer.close();
      LOG.warn(
          "peer PyTorch not measured, {} says: {}; set FOREARM_PYTHON to a Python that has torch,"
              + " onnx and onnxscript",
          python,
          Files.readString(errors).lines().reduce("", (_, line) -> line));
    } catch (IOException e) {
      LOG.warn("peer PyTorch not measured: {}", e.toString());
    }
    return Optional.empty();
  }

  private boolean awaitModels() throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.equals("all ready")) {
        return true;
      }
      if (line.startsWith("ready ")) {
        List<String> words = List.of(line.split(" ", -1));
        trainable.put(words.get(1), Long.valueOf(words.get(3)));
      }
    }
    return false;
  }

  /** Trainable parameters by model. */
  Map<String, Long> trainable() {
    return trainable;
  }

  /** Takes Adam steps and says what one cost. */
  double cpuMillisPerStep(String model, int steps) {
    try {
      questions.write(model + " " + steps + "\n");
      questions.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("PyTorch ended while training " + model);
      }
      return Double.parseDouble(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("ask PyTorch to train " + model, e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
