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
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
 *   driven            taken by the robot that drives from it
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
      write(folder, ShelfIndex.EMPTY);
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
    ShelfIndex index = index();
    return index.active().map(index::version);
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

  private ShelfIndex with(Bundle bundle, ShelfIndex index) {
    if (index.versions().stream().anyMatch(v -> v.sha256().equals(bundle.sha256()))) {
      return index;
    }
    String id = "v" + (index.versions().size() + 1);
    BundleWriter.duplicate(bundle, folder.resolve(VERSIONS).resolve(id));
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return index.plus(ShelfVersion.of(id, bundle.sha256(), bundle.manifest(), now));
  }

  /**
   * Makes a version the one that drives. Where a running robot drives from this shelf, it is asked
   * to take it, as by {@link #want}: what is active is then what it drives with.
   *
   * @param findings of the judgement that led to it
   */
  public void activate(String id, List<Finding> findings) {
    boolean watched = watched();
    changed(index -> {
      ShelfVersion version = index.version(id);
      ShelfIndex judged = index.with(version.judged(version.state(), findings));
      return watched ? wanting(judged, id) : judged.activating(id);
    });
  }

  /**
   * Asks the robot that drives from this shelf to take a version over: the newest wish counts.
   *
   * @throws ModelsFault if there is no such version
   */
  public void want(String id) {
    changed(index -> wanting(index, index.version(id).id()));
  }

  private static ShelfIndex wanting(ShelfIndex index, String id) {
    return index.wanting(Optional.of(id).filter(wanted -> !index.active().equals(Optional.of(id))));
  }

  /** The version that is to drive: one that is wanted, else the active one. */
  public Optional<ShelfVersion> due() {
    ShelfIndex index = index();
    return index.wanted().or(index::active).map(index::version);
  }

  /** Whether a version is active, or was before and nobody has rolled back from it. */
  public boolean stands(String id) {
    return index().past().contains(id);
  }

  /** The latest swaps of running robots, in order. */
  public List<SwapRecord> swaps() {
    return index().swaps();
  }

  /**
   * Writes down what became of a swap: which version is active now, and why another is not.
   *
   * @param version that was to take over
   * @param before that drove until then
   * @see SwapRecord
   */
  public SwapRecord settle(
      ShelfVersion version,
      ShelfVersion before,
      SwapRecord.Outcome outcome,
      String reason,
      long policyStep,
      double millis) {
    ShelfIndex now =
        changed(index -> {
          ShelfIndex next =
              switch (outcome) {
                case ACTIVE -> index.activating(version.id());
                case REFUSED, ROLLED_BACK ->
                    index
                        .returningTo(before.id())
                        .with(index.version(version.id()).as(new VersionState.Refused(reason)));
                case UNFINISHED -> index;
              };
          return next.with(
              record(index, version.id(), before.id(), outcome, reason, policyStep, millis));
        });
    return now.swaps().getLast();
  }

  private static SwapRecord record(
      ShelfIndex index,
      String version,
      String before,
      SwapRecord.Outcome outcome,
      String reason,
      long policyStep,
      double millis) {
    long number = index.swaps().isEmpty() ? 1 : index.swaps().getLast().number() + 1;
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new SwapRecord(number, version, before, outcome, reason, policyStep, millis, now);
  }

  /**
   * Drives a robot from this shelf until the watch is closed or the process dies. What a robot that
   * died was asked for meanwhile is asked for no longer: it may have died of it.
   *
   * @throws ModelsFault if another robot is driven from it
   */
  public ShelfWatch watch() {
    ShelfWatch watch = ShelfWatch.take(folder);
    try {
      changed(index ->
          index
              .wanted()
              .map(id ->
                  index.with(
                      record(
                          index,
                          id,
                          index.active().orElse(""),
                          SwapRecord.Outcome.UNFINISHED,
                          "the runtime ended before it had taken over; ask again",
                          0,
                          0)))
              .orElse(index));
      return watch;
    } catch (RuntimeException e) {
      watch.close();
      throw e;
    }
  }

  /** Whether a robot is driven from it. */
  public boolean watched() {
    return ShelfWatch.isTaken(folder);
  }

  /** Differs whenever the shelf has changed. */
  public Object revision() {
    try {
      BasicFileAttributes file =
          Files.readAttributes(folder.resolve(INDEX), BasicFileAttributes.class);
      return List.of(file.lastModifiedTime(), String.valueOf(file.fileKey()), file.size());
    } catch (IOException e) {
      throw new ModelsFault("look at shelf %s: %s; put it back".formatted(folder, e), e);
    }
  }

  /** When the shelf changed last. */
  public Instant changedAt() {
    try {
      return Files.getLastModifiedTime(folder.resolve(INDEX)).toInstant();
    } catch (IOException e) {
      throw new ModelsFault("look at shelf %s: %s; put it back".formatted(folder, e), e);
    }
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
    ShelfIndex now =
        changed(index -> {
          if (index.past().size() < 2) {
            throw new ModelsFault(
                "roll back shelf %s: found no version that was active before; promote one"
                    .formatted(folder));
          }
          return index
              .active(index.past().subList(0, index.past().size() - 1))
              .wanting(Optional.empty());
        });
    return now.version(now.past().getLast());
  }

  private ShelfIndex changed(UnaryOperator<ShelfIndex> change) {
    synchronized (PROCESS) {
      try (FileChannel file =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = file.lock()) {
        ShelfIndex before = index();
        ShelfIndex after = change.apply(before);
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

  private ShelfIndex index() {
    return ConfigFile.readJson(folder.resolve(INDEX), ShelfIndex::read);
  }

  private static void write(Path folder, ShelfIndex index) {
    JsonFile.write(folder.resolve(INDEX), index.toJson());
  }
}
