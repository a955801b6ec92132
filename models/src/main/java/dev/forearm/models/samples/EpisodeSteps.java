package dev.forearm.models.samples;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ActuatorCalibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The steps of one episode, and what is asked of each of them looked up but once. One thread. */
public final class EpisodeSteps {
  private final PolicySpec spec;
  private final RecordedPlans episode;
  private final List<Long> stamps;
  private final int[] imagined; // places in an observation
  private final int width; // of an observation
  private final Optional<ActuatorCalibration> servos;

  public EpisodeSteps(PolicySpec spec, RecordedPlans episode) {
    this.spec = spec;
    this.episode = episode;
    stamps = new ArrayList<>(episode.observations().keySet());
    imagined = spec.placesOf(spec.imagined());
    width = spec.observationWidth();
    servos = episode.actuators();
  }

  int count() {
    return stamps.size();
  }

  /** The stamps of a step and of those after it, up to some steps ahead or the episode's end. */
  List<Long> horizon(int step, int ahead) {
    return stamps.subList(step, Math.min(stamps.size(), step + ahead + 1));
  }

  /**
   * What was observed.
   *
   * @throws ModelsFault if the observation is of another width
   */
  public float[] seen(long stamp) {
    float[] values = episode.observations().getOrDefault(stamp, new float[0]);
    if (values.length != width) {
      throw new ModelsFault(
          "read samples of %s: observations have %s values, wanted %s; it was recorded with another robot file or version"
              .formatted(episode.source(), values.length, width));
    }
    return values;
  }

  /** What was seen at the frames' steps; at the horizon's end where it is shorter. */
  float[] frames(List<Long> horizon) {
    float[] frames = new float[spec.frameSteps().size() * imagined.length];
    int at = 0;
    for (int step : spec.frameSteps()) {
      float[] seen = seen(horizon.get(Math.min(step, horizon.size() - 1)));
      for (int place : imagined) {
        frames[at++] = seen[place];
      }
    }
    return frames;
  }

  /** What was commanded in the steps after one; cut off where no command is known. */
  double[] executedChunk(int from) {
    int joints = spec.joints().size();
    double[] chunk = new double[spec.chunkSteps() * joints];
    for (int step = 0; step < spec.chunkSteps(); step++) { // due one period after the other
      double[] command =
          from + step + 1 < stamps.size()
              ? episode.commands().get(stamps.get(from + step + 1))
              : null;
      if (command == null) {
        return Arrays.copyOf(chunk, step * joints);
      }
      System.arraycopy(command, 0, chunk, step * joints, joints);
    }
    servos.ifPresent(known -> known.toPositions(chunk));
    return chunk;
  }
}
