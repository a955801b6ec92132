package dev.forearm.runtime.report;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** JSON that stays: written aside, forced to disk and renamed. */
public final class JsonFile {
  private JsonFile() {}

  /**
   * Replaces a file. Whenever the process or the power dies, either the old content is there or the
   * new one, whole. One writer at a time.
   *
   * @throws RuntimeFault if it cannot be written; the old content is then still there
   */
  public static void write(Path file, Map<String, ?> content) {
    Path target = file.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.writeString(part, Json.write(content) + "\n", StandardCharsets.UTF_8);
      force(part, StandardOpenOption.WRITE);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(target.resolveSibling("."), StandardOpenOption.READ);
    } catch (IOException e) {
      throw new RuntimeFault(
          "write %s: %s; free some space or name another folder".formatted(file, e), e);
    }
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
