package dev.forearm.launch.learn;

import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.learn.Straying;
import dev.forearm.models.learn.TrainingListener;
import dev.forearm.models.promotion.PairedDifference;
import dev.forearm.models.train.Pace;
import dev.forearm.models.train.SplitMix;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.robot.ActuatorCalibration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.io.FileUtils;

/**
 * A learner that plays, in its folder:
 *
 * <pre>
 *   method.yaml            what it was begun with; another method is refused
 *   learner.json           iterations done, incumbent, what each brought: replaced as a whole
 *   learning.png           a picture of that
 *   progress.jsonl         what the iteration under way does, for whoever looks on
 *   actuators.yaml         where the servos were identified
 *   first/                 the first policy, where its foresight had to be calibrated
 *   replay/0001/*.mcap     episodes of an iteration, as far as the store's bound lets them stay
 *   candidates/0001/       its candidate
 *   unfinished/0001/       of the iteration under way
 * </pre>
 *
 * An iteration is a function of the folder as it was before, the method and the seed. So a learner
 * that was killed begins its last iteration again, on a CPU to the same bits, and only what {@code
 * learner.json} tells of has happened. One thread.
 */
final class Learner {
  private final Path folder;
  private final Method method;
  private final Practice practice;
  private final Path given;
  private final Path first; // the given one, with a foresight where the method wants one
  private final long seed;
  private final ReplayStore store;
  private final List<Path> demonstrations;
  private final Pace pace;
  private final Consumer<String> report;
  private Lessons lessons;
  private LearnerState state;

  /**
   * Begins, or goes on where a learner of this folder was.
   *
   * @param first the policy to begin with
   * @param demonstrations folders of them
   * @param report told in a line of what happens
   * @throws dev.forearm.launch.LaunchFailure if the folder is another method's
   */
  Learner(
      Path folder,
      Method method,
      Practice unidentified,
      Path first,
      List<Path> demonstrations,
      long seed,
      Pace pace,
      Consumer<String> report) {
    this.folder = folder;
    this.method = method;
    this.seed = seed;
    this.report = report;
    state = LearnerState.open(folder, method, first, seed);
    try {
      practice = method.practice().adapts() ? identified(unidentified, first) : unidentified;
    } catch (IOException e) {
      throw new UncheckedIOException("learner in " + folder, e);
    }
    this.demonstrations = demonstrations;
    this.pace = pace;
    given = first;
    store = new ReplayStore(folder.resolve("replay"), method.practice().replayBytes());
    store.bound(state.iterations()); // if the last one that was here did not come to it
    lessons = lessons();
    this.first = maker(TrainingListener.NONE).foresees() ? foreseeing(first) : first;
  }

  /** All that the folder and the demonstrations teach. */
  private Lessons lessons() {
    try (Bundle bundle = BundleReader.read(given, Trust.anyone())) {
      Lessons all = new Lessons(practice.robot(), bundle.manifest(), method.learner(), report);
      all.demonstrations(demonstrations);
      for (int done = 1; done <= state.iterations(); done++) {
        if (store.holds(done)) {
          all.experience(store.folder(done));
        }
      }
      return all;
    }
  }

  private CandidateMaker maker(TrainingListener listener) {
    return new CandidateMaker(method, practice.robot(), lessons, pace, listener);
  }

  /** What it would have drive now. */
  Path incumbent() {
    return state.incumbent() == 0 ? first : candidate(state.incumbent());
  }

  /** The robot that it practises on, as far as it is known. */
  Practice practice() {
    return practice;
  }

  LearnerState state() {
    return state;
  }

  /** Iterations until so many are done. */
  void learn(int iterations) {
    while (state.iterations() < iterations) {
      int iteration = state.iterations() + 1;
      try (Progress progress = new Progress(folder, iteration)) {
        iterate(iteration, progress);
      }
    }
  }

  private void iterate(int iteration, Progress progress) {
    remove(store.folder(iteration));
    remove(candidate(iteration));
    Map<String, Object> brought = new LinkedHashMap<>();
    brought.put("iteration", iteration);
    if (method.practice().episodes() > 0) {
      practise(iteration, brought, progress);
    }
    Path from = method.practice().continues() ? incumbent() : first;
    try (Bundle parent = BundleReader.read(from, Trust.anyone());
        Bundle player = BundleReader.read(incumbent(), Trust.anyone())) {
      maker(progress::trained)
          .make(
              parent,
              player,
              seed + iteration,
              unfinished(iteration),
              candidate(iteration),
              Map.of("command", "forearm learn", "iteration", Integer.toString(iteration)));
    }
    boolean accepted = compare(iteration, brought, progress);
    brought.put("accepted", accepted);
    report.accept(brought.toString());
    state = state.after(accepted ? iteration : state.incumbent(), brought);
    state.write(folder, report);
    remove(folder.resolve("unfinished"));
    if (store.bound(state.iterations())) {
      lessons = lessons(); // as one who begins here would have them
    }
  }

  private void practise(int iteration, Map<String, Object> brought, Progress progress) {
    long starts = SplitMix.bits(seed, 2L * iteration) >>> 1;
    List<EpisodeResult> played =
        practice.record(
            incumbent(),
            method.practice(),
            lessons.demonstrations(),
            exploration(starts),
            starts,
            store.folder(iteration),
            episode ->
                progress.played("practising", method.practice().episodes(), episode.success()));
    lessons.experience(store.folder(iteration));
    brought.put("episodes", played.size());
    brought.put("successes", played.stream().filter(EpisodeResult::success).count());
    brought.put("mean_stage", played.stream().mapToInt(EpisodeResult::stage).average().orElse(0));
  }

  /** How the incumbent strays while it practises. */
  private Optional<Exploration> exploration(long starts) {
    double rad = method.practice().exploreRad();
    if (rad == 0) {
      return Optional.empty();
    }
    if (method.learner().policyGradient().isEmpty()) {
      return Optional.of(Exploration.turning(practice.robot(), rad, starts));
    }
    try (Bundle player = BundleReader.read(incumbent(), Trust.anyone())) {
      return Optional.of(Straying.of(player.manifest(), rad).exploration(starts));
    }
  }

  /** Whether the candidate takes the incumbent's place: where it did not succeed less often. */
  private boolean compare(int iteration, Map<String, Object> brought, Progress progress) {
    int episodes = method.practice().comparedEpisodes();
    if (episodes == 0) {
      return true;
    }
    long starts = SplitMix.bits(seed, 2L * iteration + 1) >>> 1;
    boolean[] before =
        successes(
            incumbent(),
            episodes,
            starts,
            episode -> progress.played("the incumbent's turn", episodes, episode.success()));
    boolean[] after =
        successes(
            candidate(iteration),
            episodes,
            starts,
            episode -> progress.played("the candidate's turn", episodes, episode.success()));
    PairedDifference difference = PairedDifference.of(before, after, starts);
    brought.put("compared", difference.inWords());
    brought.put("incumbent_success", rate(before));
    brought.put("candidate_success", rate(after));
    return difference.difference() >= 0;
  }

  private boolean[] successes(
      Path bundle, int episodes, long starts, Consumer<EpisodeResult> told) {
    List<EpisodeResult> results = practice.play(bundle, 0, episodes, starts, told);
    boolean[] successes = new boolean[results.size()];
    for (int i = 0; i < successes.length; i++) {
      successes[i] = results.get(i).success();
    }
    return successes;
  }

  private static double rate(boolean[] outcomes) {
    int successes = 0;
    for (boolean outcome : outcomes) {
      successes += outcome ? 1 : 0;
    }
    return (double) successes / outcomes.length;
  }

  private Practice identified(Practice unidentified, Path bundle) throws IOException {
    Path file = folder.resolve("actuators.yaml");
    if (!Files.exists(file)) {
      Path episodes = folder.resolve("unfinished/identification");
      remove(episodes);
      Practice found = unidentified.identified(bundle, SplitMix.bits(seed, 0) >>> 1, episodes);
      Path part = folder.resolve("actuators.yaml.part");
      Files.writeString(part, found.actuators().orElseThrow().text());
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      remove(episodes);
    }
    return unidentified.knowing(ActuatorCalibration.read(file));
  }

  private Path foreseeing(Path bundle) {
    Path calibrated = folder.resolve("first");
    if (!Files.exists(calibrated)) {
      maker(TrainingListener.NONE)
          .calibrate(bundle, calibrated, Map.of("command", "forearm learn"));
    }
    return calibrated;
  }

  /**
   * An iteration's own: what one that was killed too late to clear away left is not taken for it.
   */
  private Path unfinished(int iteration) {
    return folder.resolve(String.format(Locale.ROOT, "unfinished/%04d", iteration));
  }

  private Path candidate(int iteration) {
    return folder.resolve(String.format(Locale.ROOT, "candidates/%04d", iteration));
  }

  static void remove(Path tree) {
    try {
      FileUtils.deleteDirectory(tree.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("learner: " + tree + " cannot be removed", e);
    }
  }
}
