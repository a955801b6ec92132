package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.JointOffset;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that was made for one calibration, from {@code run} to the episode and its check. */
final class CalibrationHashTest {
  private static final Path BUNDLE = Path.of("../models/bundles/lift-sft");
  private static final String DATE = "2026-11-28";

  @TempDir private Path folder;

  private final Map<String, String> domain = Forearm.domain(FreeDomain.take());

  @Test
  void aRunRefusesAnotherCalibrationAndItsEpisodesNameTheirs() throws Exception {
    Calibration own = written("own.yaml", 0.001);
    Calibration other = written("other.yaml", 0.002);
    bundleOf(own.sha256());

    String refusal = "calibration: found SHA-256 %s in the bundle, the robot has ";
    assertRefused(refusal.formatted(own.sha256()) + other.sha256(), "--calibration=other.yaml");
    assertRefused(refusal.formatted(own.sha256()) + "none");

    try (Forearm run = run("--calibration=own.yaml", "--seconds=1")) {
      assertEquals(0, run.exitCode(), run::output);
    }
    Path episode = episode();
    try (McapReader reader = McapReader.open(episode)) {
      assertEquals(own.sha256(), reader.metadata(EpisodeInfo.RECORD).get(EpisodeInfo.CALIBRATION));
    }
    assertEquals("", check("own.yaml", episode));
    try (Forearm check =
        Forearm.start(
            folder,
            domain,
            "calibrate",
            "check",
            "--calibration=other.yaml",
            "--bundle=bundle",
            "--episode=" + episode)) {
      assertEquals(1, check.exitCode(), check::output);
      String said = check.output();
      assertTrue(
          said.contains(
              "bundle bundle names %s, this is %s".formatted(own.sha256(), other.sha256())),
          said);
      assertTrue(said.contains("episode %s names %s".formatted(episode, own.sha256())), said);
    }
  }

  private String check(String calibration, Path episode) {
    return InProcess.run(
        "calibrate",
        "check",
        "--calibration=" + folder.resolve(calibration),
        "--bundle=" + folder.resolve("bundle"),
        "--episode=" + episode);
  }

  private void assertRefused(String why, String... more) throws InterruptedException {
    try (Forearm run = run(more)) {
      assertEquals(1, run.exitCode(), run::output);
      assertTrue(run.output().contains(why), run::output);
    }
  }

  private Forearm run(String... more) {
    return Forearm.start(
        folder,
        domain,
        Stream.concat(
                Stream.of(
                    "run", "--robot=tabletop", "--bundle=bundle", "--transport=dds", "--out=."),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Path episode() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(".mcap")).toList();
      assertEquals(1, files.size(), files::toString);
      return files.getFirst();
    }
  }

  private Calibration written(String name, double offset) throws IOException {
    Path file = folder.resolve(name);
    Calibration some =
        Calibration.empty("tabletop", DATE)
            .withJoints(List.of(new JointOffset("panda_joint2", offset, 0.0001)), DATE);
    Files.writeString(file, some.text());
    return Calibration.read(file, "tabletop");
  }

  /** The bundle that comes with Forearm, as if it had been made for a calibration. */
  private void bundleOf(String sha256) throws Exception {
    Path copy = Files.createDirectory(folder.resolve("bundle"));
    try (Stream<Path> all = Files.list(BUNDLE)) {
      for (Path file : all.toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    Path manifest = copy.resolve("bundle.yaml");
    String text = Files.readString(manifest);
    Files.writeString(
        manifest,
        text.replace(
            "  name: tabletop\n", "  name: tabletop\n  calibration_sha256: " + sha256 + "\n"));
    String hash =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(manifest)));
    Path sums = copy.resolve("SHA256SUMS");
    List<String> lines = new ArrayList<>(Files.readAllLines(sums));
    lines.replaceAll(line -> line.endsWith(" bundle.yaml") ? hash + line.substring(64) : line);
    Files.write(sums, lines);
  }
}
