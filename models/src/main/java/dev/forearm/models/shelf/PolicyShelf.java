package dev.forearm.models.shelf;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.report.JsonFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The versions of a policy in one folder.
 *
 * <pre>
 *   shelf.json        every version, which one is active and which were before it
 *   versions/v1/      a bundle, as it came
 *   versions/v2/
 *   lock              taken by whoever changes something
 * </pre>
 *
 * The index is the shelf: what it does not list is not there. A bundle is copied and forced to disk
 * before the index names it, and the index is replaced by one rename, so whatever moment a process
 * dies, no half version is ever seen and the version that was active stays so.
 */
public final class PolicyShelf {
  private static final String INDEX = "shelf.json";
  private static final String PART = INDEX + ".part"; // of one whose maker was killed
  private static final String VERSIONS = "versions";
  private static final Object PROCESS = new Object(); // a file lock is the whole process's

  private final Path folder;

  private PolicyShelf(Path folder) {
    this.folder = folder;
  }

  /**
   * What a shelf holds at one moment.
   *
   * @param versions in the order in which they came
   * @param past ids of those that were active, the latest last; the very last is active now
   */
  record Index(List<ShelfVersion> versions, List<String> past) {
    Index {
      versions = List.copyOf(versions);
      past = List.copyOf(past);
    }

    ShelfVersion version(String id) {
      return versions.stream()
          .filter(version -> version.id().equals(id))
          .findFirst()
          .orElseThrow(() ->
              new ModelsFault(
                  "shelf: found versions %s, wanted '%s'; 'forearm policies' lists them"
                      .formatted(versions.stream().map(ShelfVersion::id).toList(), id)));
    }

    Index with(ShelfVersion changed) {
      List<ShelfVersion> all = new ArrayList<>(versions);
      all.replaceAll(version -> version.id().equals(changed.id()) ? changed : version);
      return new Index(all, past);
    }

    /** The same with {@code now} as what was and is active. */
    Index active(List<String> now) {
      List<ShelfVersion> all = new ArrayList<>(versions);
      all.replaceAll(version ->
          version.id().equals(now.getLast())
              ? version.as(new VersionState.Active())
              : version.state() instanceof VersionState.Active
                  ? version.as(new VersionState.Retired())
                  : version);
      return new Index(all, now);
    }
  }

  /** Whether a folder is a shelf. */
  public static boolean isShelf(Path folder) {
    return Files.isRegularFile(folder.resolve(INDEX));
  }

  /**
   * A shelf that is there.
   *
   * @throws ModelsFault if it is not
   */
  public static PolicyShelf open(Path folder) {
    if (!isShelf(folder)) {
      throw new ModelsFault(
          "shelf %s: found no %s in it; 'forearm promote BUNDLE --into %s' makes one"
              .formatted(folder, INDEX, folder));
    }
    return new PolicyShelf(folder);
  }

  /**
   * A shelf, made if it is not there.
   *
   * @throws ModelsFault if something else lies there
   */
  public static PolicyShelf openOrMake(Path folder) {
    if (!isShelf(folder)) {
      try {
        Files.createDirectories(folder.resolve(VERSIONS));
        try (Stream<Path> there = Files.list(folder)) {
          Optional<Path> other =
              there.filter(path -> !path.endsWith(VERSIONS) && !path.endsWith(PART)).findFirst();
          if (other.isPresent()) {
            throw new ModelsFault(
                "make shelf %s: found %s, wanted an empty folder; name another"
                    .formatted(folder, other.get()));
          }
        }
      } catch (IOException e) {
        throw new ModelsFault("make shelf %s: %s; name another folder".formatted(folder, e), e);
      }
      write(folder, new Index(List.of(), List.of()));
    }
    return new PolicyShelf(folder);
  }

  public Path folder() {
    return folder;
  }

  /** All versions, in the order in which they came. */
  public List<ShelfVersion> versions() {
    return index().versions();
  }

  /** The version that drives; empty on a new shelf. */
  public Optional<ShelfVersion> active() {
    Index index = index();
    return index.past().isEmpty()
        ? Optional.empty()
        : Optional.of(index.version(index.past().getLast()));
  }

  /**
   * A version by its id.
   *
   * @throws ModelsFault if there is none
   */
  public ShelfVersion version(String id) {
    return index().version(id);
  }

  /** Where a version's bundle lies. */
  public Path bundle(ShelfVersion version) {
    return folder.resolve(VERSIONS).resolve(version.id());
  }

  /**
   * Where the bundle lies that drives.
   *
   * @throws ModelsFault if none does yet
   */
  public Path activeBundle() {
    return bundle(
        active()
            .orElseThrow(() ->
                new ModelsFault(
                    "shelf %s: no version is active; 'forearm promote' one".formatted(folder))));
  }

  /**
   * Takes a bundle as a candidate. One that is here already, by its hash, is not taken twice.
   *
   * @param location a folder or .zip, copied
   * @throws ModelsFault if it is damaged, or cannot be copied
   */
  public ShelfVersion add(Path location) {
    try (Bundle bundle = BundleReader.read(location, Trust.anyone())) {
      return changed(index -> with(bundle, index)).versions().stream()
          .filter(version -> version.sha256().equals(bundle.sha256()))
          .findFirst()
          .orElseThrow();
    }
  }

  private Index with(Bundle bundle, Index index) {
    if (index.versions().stream().anyMatch(v -> v.sha256().equals(bundle.sha256()))) {
      return index;
    }
    String id = "v" + (index.versions().size() + 1);
    BundleWriter.duplicate(bundle, folder.resolve(VERSIONS).resolve(id));
    List<ShelfVersion> all = new ArrayList<>(index.versions());
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    all.add(ShelfVersion.of(id, bundle.sha256(), bundle.manifest(), now));
    return new Index(all, index.past());
  }

  /**
   * Makes a version the one that drives.
   *
   * @param findings of the judgement that led to it
   */
  public void activate(String id, List<Finding> findings) {
    changed(index -> {
      ShelfVersion version = index.version(id);
      List<String> past = new ArrayList<>(index.past());
      if (past.isEmpty() || !past.getLast().equals(id)) {
        past.add(id);
      }
      return index.with(version.judged(version.state(), findings)).active(past);
    });
  }

  /** Keeps a version as a candidate, with what is known of it. */
  public void keep(String id, String note, List<Finding> findings) {
    mark(id, new VersionState.Candidate(note), findings);
  }

  /** Turns a version down; it stays on the shelf. */
  public void refuse(String id, String reason, List<Finding> findings) {
    mark(id, new VersionState.Refused(reason), findings);
  }

  /**
   * What is active stays so, whatever is found about it: only another or a rollback replaces it.
   */
  private void mark(String id, VersionState state, List<Finding> findings) {
    changed(index -> {
      ShelfVersion version = index.version(id);
      boolean drives = version.state() instanceof VersionState.Active;
      return index.with(version.judged(drives ? version.state() : state, findings));
    });
  }

  /**
   * Goes back to the version that was active before; called again, one further back.
   *
   * @return the version that drives now
   * @throws ModelsFault if none was active before
   */
  public ShelfVersion rollback() {
    Index now =
        changed(index -> {
          if (index.past().size() < 2) {
            throw new ModelsFault(
                "roll back shelf %s: found no version that was active before; promote one"
                    .formatted(folder));
          }
          return index.active(index.past().subList(0, index.past().size() - 1));
        });
    return now.version(now.past().getLast());
  }

  private Index changed(UnaryOperator<Index> change) {
    synchronized (PROCESS) {
      try (FileChannel file =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = file.lock()) {
        Index before = index();
        Index after = change.apply(before);
        if (!after.equals(before)) {
          write(folder, after);
        }
        return after;
      } catch (IOException e) {
        throw new ModelsFault(
            "change shelf %s: %s; name a folder you may write to".formatted(folder, e), e);
      }
    }
  }

  private Index index() {
    return ConfigFile.readJson(
        folder.resolve(INDEX),
        file -> {
          Index index =
              new Index(
                  file.sections("versions").stream().map(ShelfVersion::read).toList(),
                  file.texts("past"));
          if (file.integer("format") != 1) {
            throw file.fault("format", "wanted 1; use the Forearm that wrote it");
          }
          return index;
        });
  }

  private static void write(Path folder, Index index) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", 1);
    json.put("past", index.past());
    json.put("versions", index.versions().stream().map(ShelfVersion::toJson).toList());
    JsonFile.write(folder.resolve(INDEX), json);
  }
}
