package dev.forearm.models.bundle;

import dev.forearm.models.ModelsFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The files of a bundle by plain name. A .zip is unpacked into a temporary folder that {@link
 * #close} removes: weights are to be mapped, and ORT wants them on disk.
 *
 * @param location what the bundle is called in messages: where the user said it lies
 * @param folder where its files lie
 * @param temporary whether the folder is ours to remove
 */
record BundleFiles(Path location, Path folder, boolean temporary) implements AutoCloseable {
  private static final long ZIP_LIMIT_BYTES = 4L << 30;

  /** Of a file that is read into memory: all but the weights, which are mapped. */
  private static final long FILE_LIMIT_BYTES = 512L << 20;

  static BundleFiles open(Path location) {
    if (Files.isDirectory(location)) {
      return new BundleFiles(location, location.toAbsolutePath(), false);
    }
    if (Files.isRegularFile(location)) {
      return unpack(location);
    }
    throw new ModelsFault(
        "bundle %s: found nothing there, wanted a bundle's folder or .zip".formatted(location));
  }

  boolean has(String name) {
    return Files.isRegularFile(path(name), LinkOption.NOFOLLOW_LINKS);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /**
   * A file's content.
   *
   * @throws ModelsFault if it is missing or cannot be read
   */
  byte[] read(String name) {
    if (!has(name)) {
      throw missing(name);
    }
    try {
      long bytes = Files.size(path(name));
      if (bytes > FILE_LIMIT_BYTES) {
        throw new ModelsFault(
            String.format(
                Locale.ROOT,
                "bundle %s: %s: found %,d bytes, wanted at most %,d; keep weights in the weights file",
                location,
                name,
                bytes,
                FILE_LIMIT_BYTES));
      }
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new ModelsFault("bundle %s: reading %s: %s".formatted(location, name, e), e);
    }
  }

  /** The fault of a file that is not there. */
  ModelsFault missing(String name) {
    return new ModelsFault(
        "bundle %s: found no file %s; the bundle is incomplete, copy or export it again"
            .formatted(location, name));
  }

  /** Removes the folder if it was unpacked for us. */
  @Override
  public void close() {
    if (temporary) {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        throw new ModelsFault(
            "bundle %s: could not remove %s: %s; remove it by hand".formatted(location, folder, e),
            e);
      }
    }
  }

  private static BundleFiles unpack(Path location) {
    BundleFiles files;
    try {
      files = new BundleFiles(location, Files.createTempDirectory("forearm-bundle"), true);
    } catch (IOException e) {
      throw new ModelsFault("bundle %s: no temporary folder: %s".formatted(location, e), e);
    }
    try (ZipFile zip = new ZipFile(location.toFile())) {
      long left = ZIP_LIMIT_BYTES;
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (!entry.isDirectory()) {
          left -= unpack(zip, entry, files, left);
        }
      }
      return files;
    } catch (IOException e) {
      files.close();
      throw new ModelsFault(
          "bundle %s: not a readable .zip: %s".formatted(location, e.getMessage()), e);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** Files may lie in a folder inside the archive; only their last name counts. */
  private static long unpack(ZipFile zip, ZipEntry entry, BundleFiles files, long limit)
      throws IOException {
    String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*") || files.has(name)) {
      throw new ModelsFault(
          "bundle %s: found entry '%s', wanted plain file names, each once"
              .formatted(files.location(), entry.getName()));
    }
    long bytes = 0;
    try (InputStream in = zip.getInputStream(entry);
        var out = Files.newOutputStream(files.path(name))) {
      byte[] buffer = new byte[1 << 16];
      int read;
      while ((read = in.read(buffer)) >= 0) {
        bytes += read;
        if (bytes > limit) {
          throw new ModelsFault(
              "bundle %s: unpacks to over %s bytes; give the bundle as a folder"
                  .formatted(files.location(), ZIP_LIMIT_BYTES));
        }
        out.write(buffer, 0, read);
      }
    }
    return bytes;
  }
}
