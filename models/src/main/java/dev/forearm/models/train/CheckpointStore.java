package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.Sha256;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.safetensors.SafetensorsFile;
import dev.forearm.models.safetensors.SafetensorsWriter;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints of one training run in one folder.
 *
 * <pre>
 *   step-000000200/  weights.safetensors  optimizer.safetensors  [average.safetensors]
 *                    checkpoint.json
 *   step-000000300/  ...
 *   step-000000400.part/     a write that did not end: ignored, and removed by the next one
 *   step-000000400.aside/    damaged or of another run, when a run came to its step: ignored
 * </pre>
 *
 * A checkpoint is written into a {@code .part} folder, every file and the folder are forced to
 * disk, then the folder is renamed and the rename forced. So whatever moment the process or the
 * power dies, the checkpoints written before are whole. One writer at a time.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String PREFIX = "step-";
  private static final String PART = ".part";
  private static final String ASIDE = ".aside";

  private final Path folder;
  private final int kept;

  /**
   * @param folder made if it is missing
   * @param kept how many checkpoints to keep, the newest; at least 1
   */
  public CheckpointStore(Path folder, int kept) {
    if (kept < 1) {
      throw new IllegalArgumentException("kept is " + kept + ", wanted 1 or more");
    }
    this.folder = folder;
    this.kept = kept;
  }

  /**
   * Saves all that is needed to go on exactly, then removes what is too old. What lies there of
   * this step or a later one is damaged, or of a run that this one does not continue: it is set
   * aside.
   *
   * @throws ModelsFault if it cannot be written, for example because the disk is full, or a number
   *     to be saved is not finite; checkpoints written before are untouched
   */
  public Checkpoint save(Trainer trainer) {
    trainer.requireFiniteState();
    String name = PREFIX + String.format(Locale.ROOT, "%09d", trainer.stepsDone());
    Path target = folder.resolve(name);
    Path part = folder.resolve(name + PART);
    try {
      Files.createDirectories(folder);
      removeParts();
      Files.createDirectory(part);
      Map<String, String> hashes = new LinkedHashMap<>();
      for (Map.Entry<String, Map<String, TensorView>> file : files(trainer).entrySet()) {
        SafetensorsWriter.write(part.resolve(file.getKey()), file.getValue(), Map.of());
        hashes.put(file.getKey(), sha256(part.resolve(file.getKey())));
      }
      Checkpoint checkpoint = Checkpoint.of(trainer, target, hashes);
      Path manifest = part.resolve(Checkpoint.MANIFEST);
      Files.writeString(manifest, checkpoint.json());
      force(manifest, StandardOpenOption.WRITE);
      force(part, StandardOpenOption.READ);
      for (Path other : newestFirst()) {
        if (step(other) >= trainer.stepsDone()) {
          setAside(other);
        }
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      force(folder, StandardOpenOption.READ);
      removeOld();
      return checkpoint;
    } catch (IOException | UncheckedIOException e) {
      throw new ModelsFault(
          "save checkpoint %s: %s; free some space or name another folder".formatted(target, e), e);
    }
  }

  /**
   * The newest checkpoint that is whole. A damaged one is passed over with a warning.
   *
   * @throws ModelsFault if the folder cannot be read
   */
  public Optional<Checkpoint> latest() {
    for (Path candidate : newestFirst()) {
      try {
        Checkpoint checkpoint = Checkpoint.read(candidate);
        for (String file : checkpoint.sha256().keySet()) {
          open(checkpoint, file).close();
        }
        return Optional.of(checkpoint);
      } catch (ModelsFault | RuntimeFault e) {
        LOG.warn("Checkpoint {} is damaged and passed over: {}", candidate, e.getMessage());
      }
    }
    return Optional.empty();
  }

  /**
   * Puts a trainer where the checkpoint was taken: what it does next is what that one did next.
   *
   * @throws ModelsFault if the trainer has another graph, loss, optimizer, schedule, batch, seed or
   *     number of sources, or a file is damaged; the trainer must then not be used
   */
  public static void resume(Trainer trainer, Checkpoint checkpoint) {
    checkpoint.requireContinues(trainer);
    for (Map.Entry<String, Map<String, TensorView>> file : files(trainer).entrySet()) {
      try (SafetensorsFile saved = open(checkpoint, file.getKey())) {
        if (!saved.tensors().keySet().equals(file.getValue().keySet())) {
          throw new ModelsFault(
              "resume %s: %s has tensors %s, the trainer wants %s; resume with the parameters it was saved with"
                  .formatted(
                      checkpoint.folder(),
                      file.getKey(),
                      saved.tensors().keySet(),
                      file.getValue().keySet()));
        }
        for (Map.Entry<String, TensorView> wanted : file.getValue().entrySet()) {
          restore(checkpoint, wanted.getKey(), saved.tensor(wanted.getKey()), wanted.getValue());
        }
      }
    }
    trainer.examples().resume(checkpoint.sources());
    trainer.resumeAt(checkpoint.step());
  }

  private static void restore(
      Checkpoint checkpoint, String name, TensorView saved, TensorView running) {
    if (saved.type() != running.type() || !saved.shape().equals(running.shape())) {
      throw new ModelsFault(
          "resume %s: tensor '%s' is %s %s, the trainer has %s %s; resume with the graph it was saved"
                  .formatted(
                      checkpoint.folder(),
                      name,
                      saved.type(),
                      saved.shape(),
                      running.type(),
                      running.shape())
              + " from");
    }
    running.data().copyFrom(saved.data());
  }

  /** Everything to save, by file and tensor name, as views of the trainer's own memory. */
  private static Map<String, Map<String, TensorView>> files(Trainer trainer) {
    Map<String, Map<String, TensorView>> files = new LinkedHashMap<>();
    files.put(Checkpoint.WEIGHTS, views(trainer.weights(), ""));
    Map<String, TensorView> optimizer = new LinkedHashMap<>();
    List<ParameterVector> state = trainer.optimizerState();
    for (int i = 0; i < state.size(); i++) {
      optimizer.putAll(views(state.get(i), "state." + i + "."));
    }
    files.put(Checkpoint.OPTIMIZER, optimizer);
    trainer.average().ifPresent(average -> files.put(Checkpoint.AVERAGE, views(average, "")));
    return files;
  }

  private static Map<String, TensorView> views(ParameterVector vector, String prefix) {
    Map<String, TensorView> views = new LinkedHashMap<>();
    for (ParameterLayout.Slot slot : vector.layout().slots()) {
      views.put(
          prefix + slot.name(),
          new TensorView(ElementType.FLOAT32, slot.shape(), vector.slice(slot)));
    }
    return views;
  }

  private static SafetensorsFile open(Checkpoint checkpoint, String file) {
    String wanted = checkpoint.sha256().getOrDefault(file, "none");
    Path path = checkpoint.folder().resolve(file).normalize();
    if (!checkpoint.folder().normalize().equals(path.getParent())) {
      throw new ModelsFault(
          "open checkpoint %s: file '%s' lies outside".formatted(checkpoint.folder(), file));
    }
    return SafetensorsFile.open(
        path,
        bytes -> {
          String found = Sha256.of(bytes);
          if (!found.equals(wanted)) {
            throw new ModelsFault(
                "open checkpoint %s: SHA-256 is %s, the manifest says %s; the file is damaged"
                    .formatted(path, found, wanted));
          }
        });
  }

  private List<Path> newestFirst() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> path.getFileName().toString().matches(PREFIX + "[0-9]{9,}"))
          .sorted(Comparator.comparingLong(CheckpointStore::step).reversed())
          .toList();
    } catch (IOException e) {
      throw new ModelsFault("list checkpoints in %s: %s".formatted(folder, e), e);
    }
  }

  private static long step(Path path) {
    return Long.parseLong(path.getFileName().toString().substring(PREFIX.length()));
  }

  private void removeParts() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path path : entries.filter(entry -> entry.toString().endsWith(PART)).toList()) {
        delete(path);
      }
    }
  }

  private static void setAside(Path other) throws IOException {
    Path aside = other.resolveSibling(other.getFileName() + ASIDE);
    for (int i = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); i++) {
      aside = other.resolveSibling(other.getFileName() + ASIDE + i);
    }
    LOG.warn("Checkpoint {} is not what this run goes on from; set aside as {}", other, aside);
    Files.move(other, aside, StandardCopyOption.ATOMIC_MOVE);
  }

  private void removeOld() throws IOException {
    for (Path old : newestFirst().stream().skip(kept).toList()) {
      // Renamed first: half removed, it must not look like a checkpoint.
      Path part = old.resolveSibling(old.getFileName() + PART);
      Files.move(old, part, StandardCopyOption.ATOMIC_MOVE);
      delete(part);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> entries = Files.list(tree)) {
        for (Path entry : entries.toList()) {
          delete(entry);
        }
      }
    }
    Files.delete(tree);
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  private static String sha256(Path file) {
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      return Sha256.of(written.bytes());
    }
  }
}
