package dev.forearm.models.samples;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.bundle.Statistics;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Samples for a bundle, out of any number of episodes, and as rows for its graphs. One thread. */
public final class EpisodeSamples {
  private final Manifest manifest;
  private final Statistics statistics;
  private final Predicate<Driver> who;
  private final List<PlanSample> samples = new ArrayList<>();
  private int used;
  private int skipped;

  /** None yet; to be demonstrations: whatever no policy did. */
  public EpisodeSamples(Manifest manifest, Statistics statistics) {
    this(
        manifest,
        statistics,
        driver -> !(driver instanceof Driver.Learned || driver instanceof Driver.Nobody));
  }

  /**
   * None yet.
   *
   * @param who whose steps are wanted, see {@link PlanSample#of}
   */
  public EpisodeSamples(Manifest manifest, Statistics statistics, Predicate<Driver> who) {
    this.manifest = manifest;
    this.statistics = statistics;
    this.who = who;
  }

  /**
   * Adds an episode; one that did not succeed demonstrates nothing and is only counted.
   *
   * @throws ModelsFault if it is of another task, its observations are not the bundle's, or it
   *     succeeded and has no sample; nothing is then added
   */
  public void add(RecordedPlans episode) {
    if (!episode.task().equals(manifest.task())) {
      throw new ModelsFault(
          "read samples of %s: recorded for task '%s', bundle %s wants '%s'; leave the file out"
              .formatted(episode.source(), episode.task(), manifest.name(), manifest.task()));
    }
    if (!episode.succeeded()) {
      skipped++;
      return;
    }
    List<PlanSample> found = PlanSample.of(manifest.spec(), episode, who);
    if (found.isEmpty()) {
      throw new ModelsFault(
          "read samples of %s: found none in %s observations and %s chunks: all were refused, have gaps or are by another driver; leave the file out"
              .formatted(episode.source(), episode.observations().size(), episode.chunks().size()));
    }
    used++;
    samples.addAll(found);
  }

  /** Episodes whose samples are here. */
  public int used() {
    return used;
  }

  /** Episodes left out since they did not succeed. */
  public int skipped() {
    return skipped;
  }

  /** All samples, in the order in which they were added. */
  public List<PlanSample> samples() {
    return List.copyOf(samples);
  }

  /**
   * Rows for a graph, see {@link SampleRows#of}.
   *
   * @throws ModelsFault if there are no samples
   */
  public Map<String, HostTensor> rows(Half half) {
    if (samples.isEmpty()) {
      throw new ModelsFault(
          "read samples for %s: found none in %s episodes, of which %s did not succeed; record demonstrations"
              .formatted(manifest.name(), used + skipped, skipped));
    }
    return new SampleRows(manifest, statistics).of(half, samples);
  }

  /**
   * Rows for an actor with what the bundle's world model imagines in place of what followed.
   *
   * @param bundle the one this was made for
   * @throws ModelsFault if there are no samples
   */
  public Map<String, HostTensor> rowsImagined(Bundle bundle) {
    rows(Half.ACTOR); // refuses where there are none
    return new SampleRows(manifest, statistics).imaginedBy(bundle, samples);
  }
}
