package dev.forearm.datasets.lerobot;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.runtime.episode.EpisodeSurvey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/**
 * An episode that goes into a dataset.
 *
 * @param file where it is
 * @param sha256 of that file
 * @param task text of its task, as the dataset has it
 * @param outcome how it ended, by its recorder; empty if unknown
 * @param label what a person said, which goes before; empty if nobody did
 * @param policy what drove the arm
 */
record Source(Path file, String sha256, String task, String outcome, String label, String policy) {
  private static final String SUCCESS = "success";

  /** Equal for what would be exported equally. */
  String key() {
    return String.join(" ", sha256, label, task);
  }

  /** Whether the task was done. */
  boolean succeeded() {
    return label.equals(SUCCESS) || (!label.equals("failure") && outcome.equals(SUCCESS));
  }

  /**
   * Reads what an episode says of itself.
   *
   * @param task its text, from the name that the episode has
   */
  static Source of(Path file, UnaryOperator<String> task) {
    EpisodeSurvey survey = EpisodeSurvey.heading(file);
    return new Source(
        file,
        sha256(file),
        task.apply(survey.info().getOrDefault("task", "")),
        survey.result(),
        survey.label(),
        survey.info().getOrDefault("bundle", ""));
  }

  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new DatasetFault("read %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
