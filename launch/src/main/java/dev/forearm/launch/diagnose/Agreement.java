package dev.forearm.launch.diagnose;

import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What recorded episodes of a policy say of its halves, without a simulator: whether the arm did
 * what was imagined, whether the actor would have commanded what led to what came about, and
 * whether the distance between imagination and reality tells trouble.
 */
final class Agreement {
  private static final String[] AXES = {"x", "y", "z"};

  private final BundlePolicy policy;
  private final PolicySpec spec;
  private final int[] places; // of a frame's values in an observation
  private final int[] joints; // of the joint positions in an observation
  private final float[] scale; // of a frame's values
  private final Line[][] executed; // [frame][value], executed on imagined displacement
  private final Line[][] succeeded; // the same where a stage followed
  private final Line[] commanded; // [joint], the actor's on the executed command's displacement
  private final List<Double> errorsOfGood = new ArrayList<>(); // one for each segment
  private final List<Double> errorsOfBad = new ArrayList<>();
  private int episodes;
  private int steps;

  /**
   * @param policy whose episodes they are
   */
  Agreement(BundlePolicy policy) {
    this.policy = policy;
    spec = policy.spec();
    places = spec.placesOf(spec.imagined());
    joints = spec.placesOfSource(new Source.JointPosition());
    scale = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      scale[i] = policy.bundle().statistics().observation().std()[places[i]];
    }
    executed = lines();
    succeeded = lines();
    commanded = new Line[joints.length];
    for (int joint = 0; joint < joints.length; joint++) {
      commanded[joint] = new Line();
    }
  }

  /** Takes an episode that was read with its commands; what nobody imagined is passed over. */
  void add(RecordedPlans episode) {
    episodes++;
    List<Long> stamps = new ArrayList<>(episode.observations().keySet());
    double segmentError = 0;
    int segmentSteps = 0;
    int stage = 0;
    int last = spec.frameSteps().getLast();
    for (int i = 0; i + last < stamps.size(); i++) {
      long stamp = stamps.get(i);
      int now = episode.stage(stamp);
      if (now != stage) {
        finish(errorsOfGood, segmentError, segmentSteps);
        segmentError = 0;
        segmentSteps = 0;
        stage = now;
      }
      float[] imagined = episode.imaginations().get(stamp);
      if (imagined != null && regular(stamps, i, last)) {
        boolean pays = episode.stages().higherKey(stamp) != null;
        segmentError += compare(episode, stamps, i, imagined, pays);
        segmentSteps++;
      }
    }
    boolean reached = episode.stage(Long.MAX_VALUE) > stage;
    if (reached || !episode.succeeded()) { // else it is what was recorded past success
      finish(reached ? errorsOfGood : errorsOfBad, segmentError, segmentSteps);
    }
  }

  /** Compares one step with what followed; gives the error at the last frame, in scales. */
  private double compare(
      RecordedPlans episode, List<Long> stamps, int i, float[] imagined, boolean pays) {
    float[] seen = observation(episode, stamps, i);
    float[] followed = new float[imagined.length];
    double error = 0;
    for (int frame = 0; frame < spec.frameSteps().size(); frame++) {
      float[] then = observation(episode, stamps, i + spec.frameSteps().get(frame));
      error = 0;
      for (int value = 0; value < places.length; value++) {
        int at = frame * places.length + value;
        followed[at] = then[places[value]];
        double wanted = imagined[at] - seen[places[value]];
        double did = followed[at] - seen[places[value]];
        executed[frame][value].add(wanted, did);
        if (pays) {
          succeeded[frame][value].add(wanted, did);
        }
        double off = (did - wanted) / scale[value];
        error += off * off / places.length;
      }
    }
    command(episode, stamps, i, seen, followed);
    steps++;
    return Math.sqrt(error);
  }

  private void command(
      RecordedPlans episode, List<Long> stamps, int i, float[] seen, float[] followed) {
    double[] actions = new double[spec.chunkSteps() * joints.length];
    policy.actor().act(seen, followed, actions);
    episode.actuators().ifPresent(servos -> servos.toCommands(actions));
    double[] sent = episode.commands().get(stamps.get(i + 1));
    if (sent != null) {
      for (int joint = 0; joint < joints.length; joint++) {
        double from = seen[joints[joint]];
        commanded[joint].add(sent[joint] - from, actions[joint] - from);
      }
    }
  }

  /** As JSON; lengths in m, angles in rad, errors of segments in standard deviations. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("episodes", episodes);
    json.put("steps", steps);
    json.put("executed_on_imagined", byFrame(executed));
    json.put("world_model_where_a_stage_followed", byFrame(succeeded));
    Map<String, Object> actor = new LinkedHashMap<>();
    for (int joint = 0; joint < joints.length; joint++) {
      actor.put(spec.joints().get(joint), commanded[joint].toJson());
    }
    json.put("actor_on_executed_command", actor);
    Map<String, Object> confidence = new LinkedHashMap<>();
    confidence.put("segments_that_reached_a_stage", errorsOfGood.size());
    confidence.put("segments_that_did_not", errorsOfBad.size());
    confidence.put("median_error_of_those_that_did", Line.finite(median(errorsOfGood)));
    confidence.put("median_error_of_those_that_did_not", Line.finite(median(errorsOfBad)));
    confidence.put("auc", Line.finite(auc()));
    json.put("confidence", confidence);
    return json;
  }

  /** In words. */
  String text() {
    StringBuilder text = new StringBuilder();
    int frame = spec.frameSteps().size() - 1;
    text.append(
        "%s steps of %s episodes. Executed on imagined displacement, %s steps ahead:%n"
            .formatted(steps, episodes, spec.frameSteps().get(frame)));
    for (int value = 0; value < places.length; value++) {
      text.append("  %-24s %s%n".formatted(name(value), executed[frame][value]));
    }
    text.append(
        "What the actor commands for what came about, on what was commanded:%n".formatted());
    for (int joint = 0; joint < joints.length; joint++) {
      text.append("  %-24s %s%n".formatted(spec.joints().get(joint), commanded[joint]));
    }
    text.append(
        "Imagined-to-realised error of segments (standard deviations, median): %s where a stage was reached (%s), %s where not (%s); AUC %s"
            .formatted(
                Line.text(median(errorsOfGood)),
                errorsOfGood.size(),
                Line.text(median(errorsOfBad)),
                errorsOfBad.size(),
                Line.text(auc())));
    return text.toString();
  }

  /** Chance that a segment that got nowhere has the greater error; NaN where there is no pair. */
  double auc() {
    double wins = 0;
    for (double bad : errorsOfBad) {
      for (double good : errorsOfGood) {
        wins += bad > good ? 1 : bad == good ? 0.5 : 0;
      }
    }
    return wins / ((double) errorsOfBad.size() * errorsOfGood.size());
  }

  private Map<String, Object> byFrame(Line[][] lines) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int value = 0; value < places.length; value++) {
      Map<String, Object> frames = new LinkedHashMap<>();
      for (int frame = 0; frame < lines.length; frame++) {
        frames.put(spec.frameSteps().get(frame).toString(), lines[frame][value].toJson());
      }
      json.put(name(value), frames);
    }
    return json;
  }

  private String name(int value) {
    int at = value;
    for (String feature : spec.imagined()) {
      int size = spec.placesOf(List.of(feature)).length;
      if (at < size) {
        return size == joints.length && spec.placesOf(List.of(feature))[0] == joints[0]
            ? spec.joints().get(at)
            : feature + "." + (size == AXES.length ? AXES[at] : Integer.toString(at));
      }
      at -= size;
    }
    throw new IllegalArgumentException("value " + value + " is beyond a frame");
  }

  private Line[][] lines() {
    Line[][] lines = new Line[spec.frameSteps().size()][places.length];
    for (Line[] frame : lines) {
      for (int value = 0; value < frame.length; value++) {
        frame[value] = new Line();
      }
    }
    return lines;
  }

  private float[] observation(RecordedPlans episode, List<Long> stamps, int i) {
    return Objects.requireNonNull(episode.observations().get(stamps.get(i)));
  }

  private boolean regular(List<Long> stamps, int i, int last) {
    long late = stamps.get(i + last) - stamps.get(i) - last * spec.periodNanos();
    return 2 * Math.abs(late) <= spec.periodNanos();
  }

  private static void finish(List<Double> errors, double sum, int count) {
    if (count > 0) {
      errors.add(sum / count);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }
}
