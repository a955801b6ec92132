package dev.forearm.launch.learn;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.train.StepReport;
import dev.forearm.runtime.report.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Tells whoever looks on what an iteration does, a line of JSON at a time, in a file that the next
 * iteration begins anew. The learner never reads it.
 */
final class Progress implements AutoCloseable {
  static final String FILE = "progress.jsonl";

  static final String ITERATION = "iteration";
  static final String PHASE = "phase";
  static final String DONE = "done";
  static final String OF = "of";
  static final String SUCCESS = "success";
  static final String LOSS = "loss";

  private static final int EVERY_STEPS = 20;

  private final Path file;
  private final BufferedWriter out;
  private String phase = "";
  private long done;

  /**
   * Begins an iteration.
   *
   * @param folder the learner's
   */
  Progress(Path folder, int iteration) {
    file = folder.resolve(FILE);
    try {
      out = Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw unwritable(e);
    }
    write(Map.of(ITERATION, iteration));
  }

  /** One more episode of a phase was played. */
  void played(String what, int of, boolean success) {
    done = what.equals(phase) ? done + 1 : 1;
    phase = what;
    Map<String, Object> line = line(what, done, of);
    line.put(SUCCESS, success);
    write(line);
  }

  /** A half made a training step. */
  void trained(Half half, int of, StepReport step) {
    if (step.step() % EVERY_STEPS == 0) {
      phase = half.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      Map<String, Object> line = line(phase, step.step(), of);
      line.put(LOSS, step.loss());
      write(line);
    }
  }

  private static Map<String, Object> line(String phase, long done, int of) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(PHASE, phase);
    line.put(DONE, done);
    line.put(OF, of);
    return line;
  }

  private void write(Map<String, ?> line) {
    try {
      out.write(Json.writeCompact(line));
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private LaunchFailure unwritable(IOException e) {
    return new LaunchFailure(
        "learn: %s cannot be written (%s); free some space or name another folder"
            .formatted(file, e.getMessage()),
        e);
  }
}
