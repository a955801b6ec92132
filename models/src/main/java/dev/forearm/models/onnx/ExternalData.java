package dev.forearm.models.onnx;

import dev.forearm.models.ModelsFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Weights that lie beside a graph: raw bytes of a file in the graph's own folder, a safetensors
 * file included. Files are mapped, so nothing is read that nobody asks for.
 */
final class ExternalData {
  private final Path graphFile;
  private final Path folder;
  private final Map<String, Path> checked = new HashMap<>();

  ExternalData(Path graphFile) {
    this.graphFile = graphFile;
    Path parent = graphFile.toAbsolutePath().normalize().getParent();
    this.folder = parent == null ? Path.of("/") : parent;
  }

  /** Maps {@code length} bytes for a tensor, or says why not. */
  ByteBuffer map(String tensor, String location, long offset, long length) {
    Path file = checked.computeIfAbsent(location, l -> check(tensor, l));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (offset < 0 || length < 0 || offset > channel.size() - length) {
        throw fault(
            tensor,
            location,
            "bytes "
                + offset
                + ".."
                + (offset + length)
                + " of a file of "
                + channel.size()
                + " bytes; copy the complete file beside the graph");
      }
      if (length > Integer.MAX_VALUE) {
        throw fault(tensor, location, length + " bytes, at most 2 GiB a tensor; split it");
      }
      return length == 0
          ? ByteBuffer.allocate(0)
          : channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
    } catch (IOException e) {
      throw new ModelsFault(
          "read " + graphFile + ": tensor '" + tensor + "': cannot read " + file, e);
    }
  }

  private Path check(String tensor, String location) {
    Path relative;
    try {
      relative = Path.of(location);
    } catch (InvalidPathException _) {
      throw fault(tensor, location, "which is no file name");
    }
    Path file = folder.resolve(relative).normalize();
    if (location.isEmpty() || relative.isAbsolute() || !file.startsWith(folder)) {
      throw fault(tensor, location, "which is outside the graph's folder; keep weights beside it");
    }
    if (!Files.isRegularFile(file)) {
      throw fault(tensor, location, "which is missing; copy it beside the graph");
    }
    try {
      Path real = file.toRealPath();
      if (!real.startsWith(folder.toRealPath())) {
        throw fault(tensor, location, "a link out of the graph's folder; keep weights beside it");
      }
      return real;
    } catch (IOException e) {
      throw new ModelsFault(
          "read " + graphFile + ": tensor '" + tensor + "': cannot resolve " + file, e);
    }
  }

  private ModelsFault fault(String tensor, String location, String what) {
    return new ModelsFault(
        "read "
            + graphFile
            + ": tensor '"
            + tensor
            + "': external data wants '"
            + location
            + "', "
            + what);
  }
}
