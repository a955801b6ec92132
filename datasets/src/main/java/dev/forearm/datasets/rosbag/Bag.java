package dev.forearm.datasets.rosbag;

import com.github.luben.zstd.ZstdInputStream;
import dev.forearm.datasets.DatasetFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.mcap.McapVisitor;
import dev.forearm.runtime.mcap.ZstdLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a bag consists of.
 *
 * @param place its folder, or its only file
 * @param files of one storage, in order
 * @param compressedMessages whether each message is a frame of zstd
 */
record Bag(Path place, List<Path> files, boolean compressedMessages) {
  private static final String METADATA = "metadata.yaml";
  private static final String SQLITE = ".db3";
  private static final String MCAP = ".mcap";
  private static final String ZSTD = ".zstd";

  /**
   * Finds a bag's files.
   *
   * @param place a folder as {@code ros2 bag record} makes it, or one file of messages
   * @throws DatasetFault if there is none, or it is stored or compressed as none that is known
   */
  static Bag open(Path place) {
    Path metadata = place.resolve(METADATA);
    if (Files.isRegularFile(place)) {
      return new Bag(place, List.of(place), false);
    }
    if (!Files.exists(metadata)) {
      throw new DatasetFault(
          "import %s: found neither %s of a bag nor meta/info.json of a LeRobot dataset; after a recorder that died, 'ros2 bag reindex' writes the first"
              .formatted(place, METADATA));
    }
    return ConfigFile.read(
        metadata,
        root -> {
          root.keys(); // others' keys are their business
          Section bag = root.section("rosbag2_bagfile_information");
          bag.keys();
          String mode = bag.optionalText("compression_mode").orElse("").toLowerCase(Locale.ROOT);
          String format = bag.optionalText("compression_format").orElse("");
          boolean compressed = mode.equals("file") || mode.equals("message");
          if (compressed && !format.equals("zstd")) {
            throw new DatasetFault(
                "import %s: found compression '%s', wanted zstd or none; convert it with 'ros2 bag convert'"
                    .formatted(place, format));
          }
          List<Path> files =
              bag.texts("relative_file_paths").stream()
                  .map(file -> place.resolve(Path.of(file).getFileName()))
                  .toList();
          return new Bag(place, files, mode.equals("message"));
        });
  }

  /** The bag's name, as its recorder was told it. */
  String name() {
    return place
        .toAbsolutePath()
        .normalize()
        .getFileName()
        .toString()
        .replaceFirst("\\.(mcap|db3)$", "");
  }

  /**
   * Visits all messages: those of each file in order of time, one file after the other.
   *
   * @param work where files that are compressed as a whole are unpacked meanwhile
   * @throws dev.forearm.runtime.RuntimeFault if a file of MCAP is missing or damaged
   * @throws DatasetFault if another is
   */
  void read(Path work, McapVisitor visitor) throws IOException {
    McapVisitor plain = compressedMessages ? uncompressing(visitor) : visitor;
    for (Path file : files) {
      Optional<Path> unpacked =
          file.toString().endsWith(ZSTD) ? Optional.of(unpack(file, work)) : Optional.empty();
      try {
        readFile(unpacked.orElse(file), plain);
      } finally {
        if (unpacked.isPresent()) {
          Files.delete(unpacked.get());
        }
      }
    }
  }

  private void readFile(Path file, McapVisitor visitor) throws IOException {
    if (file.toString().endsWith(SQLITE)) {
      SqliteStorage.read(file, visitor);
    } else if (file.toString().endsWith(MCAP)) {
      try (McapReader reader = McapReader.open(file)) {
        reader.read(visitor);
      }
    } else {
      throw new DatasetFault(
          "import %s: found a file %s, wanted %s or %s; convert it with 'ros2 bag convert'"
              .formatted(place, file.getFileName(), MCAP, SQLITE));
    }
  }

  private static McapVisitor uncompressing(McapVisitor visitor) {
    ZstdLibrary.require();
    return (channel, sequence, logNanos, publishNanos, payload) -> {
      byte[] frame = new byte[payload.remaining()];
      payload.get(frame);
      try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(frame))) {
        visitor.message(
            channel, sequence, logNanos, publishNanos, ByteBuffer.wrap(in.readAllBytes()));
      }
    };
  }

  private static Path unpack(Path file, Path work) throws IOException {
    ZstdLibrary.require();
    String name = file.getFileName().toString();
    Path plain = work.resolve("unpacked-" + name.substring(0, name.length() - ZSTD.length()));
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      Files.copy(in, plain, StandardCopyOption.REPLACE_EXISTING);
    }
    return plain;
  }
}
