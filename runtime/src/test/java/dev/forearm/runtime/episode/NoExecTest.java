package dev.forearm.runtime.episode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A temporary folder that may execute nothing, so that no library can be unpacked there. */
class NoExecTest {
  @TempDir Path folder;

  @Test
  void aRecordingIsRefusedWithTheReasonBeforeItsFileIsMade() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    Path episodes = Files.createDirectory(folder.resolve("episodes"));
    assumeTrue(run(mount, List.of("true")).exitCode() == 0, "mounting is not permitted here");
    List<String> command = RecordingProcess.command("flood", episodes.toString(), "1");
    command.add(1, "-Djava.io.tmpdir=" + mount);

    Ended ended = run(mount, command);

    assertNotEquals(0, ended.exitCode());
    assertTrue(
        ended.output().contains("where the temporary folder " + mount + " may execute nothing"),
        ended.output());
    try (Stream<Path> left = Files.list(episodes)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private record Ended(int exitCode, String output) {}

  private Ended run(Path mount, List<String> program) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"",
                mount.toString()));
    command.addAll(program);
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new Ended(process.waitFor(), Files.readString(output));
  }
}
