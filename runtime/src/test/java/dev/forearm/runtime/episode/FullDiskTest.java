package dev.forearm.runtime.episode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real full disks: a file size limit of the kernel, and a file system of 3 MB. */
class FullDiskTest {
  private static final Pattern REPORT =
      Pattern.compile(
          "accepted=(\\d+) stopped=(\\w+) complete=(\\w+) messages=(\\d+) exists=(\\w+)"
              + " file=(.*)\nreason=(.*)\n");
  private static final int MESSAGES = 20_000;

  @TempDir Path folder;

  @Test
  void aWriteThatFailsStopsTheRecordingKeepsTheFileAndTheEpisodeGoesOn() throws Exception {
    Matcher report = run(List.of("sh", "-c", "ulimit -f 2048; exec \"$@\"", "sh"), folder);
    assertTrue(report.group(7).contains("File too large"), report.group(7));
    checkKept(report, folder);
  }

  @Test
  void aFullFileSystemStopsTheRecordingKeepsTheFileAndTheEpisodeGoesOn() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    Path kept = Files.createDirectory(folder.resolve("kept"));
    String inNamespace =
        "mount -t tmpfs -o size=3m none '%s' && \"$@\"; rc=$?; cp '%s'/* '%s'; exit $rc"
            .formatted(mount, mount, kept);
    List<String> prefix = List.of("unshare", "--user", "--map-root-user", "--mount");
    assumeTrue(canMount(prefix, mount), "mounting in a user namespace is not permitted here");
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("sh", "-c", inNamespace, "sh"));
    Matcher report = run(command, mount);
    assertTrue(
        report.group(7).contains("reserve") || report.group(7).contains("No space left"),
        report.group(7));
    checkKept(report, kept);
  }

  private static boolean canMount(List<String> prefix, Path mount) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "none", mount.toString()));
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  private Matcher run(List<String> prefix, Path recordings) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        RecordingProcess.command("flood", recordings.toString(), Integer.toString(MESSAGES)));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> read(output));
    Matcher report = REPORT.matcher(read(output));
    assertTrue(report.find(), () -> read(output));
    return report;
  }

  /** Whatever name it has, the file holds a gapless start of the episode and can be read. */
  private static void checkKept(Matcher report, Path in) {
    assertEquals(MESSAGES, Integer.parseInt(report.group(1)), "no producer was held up");
    assertEquals("true", report.group(2));
    assertEquals("false", report.group(3));
    assertEquals("true", report.group(5));
    long kept = Long.parseLong(report.group(4));
    assertTrue(kept > 1000 && kept < MESSAGES, "messages " + kept);
    Path file = in.resolve(Path.of(report.group(6)).getFileName());
    if (file.toString().endsWith(".open")) {
      EpisodeRecovery.Result result = EpisodeRecovery.recover(file);
      file = in.resolve("lift.recovered.mcap");
      assertTrue(Files.exists(file), result::toString);
    }
    try (McapReader reader = McapReader.open(file)) {
      assertEquals(kept, reader.messageCount());
      assertEquals(1, reader.startNanos());
      assertEquals(kept, reader.endNanos());
      assertEquals("unknown", reader.metadata(EpisodeOutcome.RECORD).get("result"));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
