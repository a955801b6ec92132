package dev.forearm.launch.replay;

import dev.forearm.launch.session.Mind;
import dev.forearm.ros.robot.EpisodeTimeline;
import dev.forearm.ros.robot.RecordedCycle;
import dev.forearm.ros.robot.RecordedSignals;
import dev.forearm.ros.robot.RecordedStep;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.CycleEvent;
import dev.forearm.runtime.inference.Execution;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.RecordedPolicy;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs an episode's inputs through the loops that made it. A step is shown the very values that it
 * read and a cycle the joint state and the chunk that it had, so it does not matter how threads
 * took turns; what comes out is compared bit for bit. One thread's.
 *
 * <p>Cycles come in their order, and before each the steps up to the chunk that it knew. Either
 * waits until all that it read has been told: a message may come a little after the time by which
 * the turn that read it is called.
 */
final class Replay implements EpisodeTimeline.Reader, AutoCloseable {
  private static final Driver OVERRULER = new Driver.Nobody(); // whoever it was

  private final Robot robot;
  private final Function<String, Optional<Mind>> successors;
  private final Map<String, Seat> seats = new HashMap<>(); // by the hash of what sits there
  private final List<Mind> taken = new ArrayList<>(); // from the successors
  private final RecordedSignals signals;
  private final LoopWatch watch = new LoopWatch();
  private final PolicyLoop inference;
  private final ControlLoop control;
  private final SignalReading jointState;
  private final Explanation explanation;
  private final Deque<RecordedStep> steps = new ArrayDeque<>();
  private final Deque<RecordedCycle> cycles = new ArrayDeque<>();
  private Seat seat; // of what drives
  private boolean overruled; // the policy, in the step under way
  private int committed; // actions, in it
  private boolean heldBack; // in the cycle under way
  private boolean isFresh; // the policy began anew, so that its steps can be replayed
  private boolean isStarted; // commands started over, so that cycles can be
  private long sequence; // of the last step
  private long told; // sequence of the newest step that was told of
  private long lastNanos; // of the last cycle
  private long cycle;
  private long skipped;
  private long commands;
  private long chunks;
  private @Nullable Difference difference;

  /** A policy that drove, and what was made for it; kept, for it may be rolled back to. */
  private record Seat(RecordedPolicy policy, InstalledPolicy installed) {
    static Seat of(Mind mind, Robot robot, RobotSignals signals) {
      RecordedPolicy policy = new RecordedPolicy(mind.policy());
      InstalledPolicy installed =
          new InstalledPolicy(
              mind.name(),
              mind.sha256(),
              policy,
              mind.imaginedScale(),
              mind.foresight(),
              robot,
              signals);
      return new Seat(policy, installed);
    }
  }

  /**
   * @param mind stays the caller's
   * @param asked a cycle to explain, from 1; 0: none
   */
  private Replay(Robot robot, Mind mind, Function<String, Optional<Mind>> successors, long asked) {
    this.robot = robot;
    this.successors = successors;
    signals = new RecordedSignals(robot, mind.policy().spec().observation());
    seat = Seat.of(mind, robot, signals.shown());
    seats.put(mind.sha256(), seat);
    inference = new PolicyLoop(seat.installed, robot, watch, new MonotonicClock());
    inference.heed(new Told());
    control = new ControlLoop(robot, signals.shown(), inference.chunks(), new Sink(), watch);
    jointState = new SignalReading(2 * robot.jointCount());
    explanation = new Explanation(robot, asked);
  }

  /**
   * Replays an episode.
   *
   * @param mind what drove the arm in the beginning; stays the caller's
   * @param successors finds what took over from it by its bundle's hash; asked once for each, and
   *     what it gives is closed with the replay
   * @param asked a cycle to explain, from 1; 0: none
   * @throws dev.forearm.runtime.RuntimeFault if the file is missing or damaged, or lacks what a
   *     replay needs
   */
  static ReplayResult of(
      Path file, Robot robot, Mind mind, Function<String, Optional<Mind>> successors, long asked) {
    try (McapReader episode = McapReader.open(file);
        Replay replay = new Replay(robot, mind, successors, asked)) {
      EpisodeTimeline.read(episode, file.toString(), robot, replay);
      return replay.result();
    }
  }

  @Override
  public void received(String topic, long nanos, MemorySegment cdr) {
    signals.receive(topic, nanos, cdr);
    goOn();
  }

  @Override
  public void stepped(RecordedStep step) {
    steps.add(step);
    told = step.sequence();
    goOn();
  }

  @Override
  public void cycled(RecordedCycle next) {
    cycles.add(next);
    goOn();
  }

  @Override
  public void close() {
    signals.close();
    taken.forEach(Mind::close);
  }

  private ReplayResult result() {
    RecordedCycle left = cycles.peek();
    if (left != null && difference == null) {
      cycle++;
      differ(cycle, left.nanos(), missing(left), "nothing", "one that is not in the file");
    }
    while (difference == null && !steps.isEmpty() && hasInputs(steps.getFirst())) {
      run(steps.removeFirst());
    }
    if (difference == null && !isFresh) {
      differ(
          cycle,
          lastNanos,
          "policy",
          "nothing",
          "one in the midst of an episode that began earlier");
    }
    return new ReplayResult(
        cycle, skipped, commands, chunks, Optional.ofNullable(difference), explanation.text());
  }

  private String missing(RecordedCycle of) {
    if (!signals.has(signals.shown().jointState().name(), of.jointState())) {
      return "joint_state " + of.jointState();
    }
    if (!hasTakeover(of)) {
      return "takeover " + of.takeover();
    }
    RecordedStep step = steps.peek();
    if (step != null && step.sequence() <= of.chunk()) {
      for (int i = 0; i < step.inputs().size(); i++) {
        if (!signals.has(step.inputs().get(i), step.versions()[i])) {
          return step.inputs().get(i) + " " + step.versions()[i];
        }
      }
    }
    return "chunk " + of.chunk();
  }

  /** Runs what all is known of. */
  private void goOn() {
    while (difference == null && !cycles.isEmpty()) {
      RecordedCycle next = cycles.getFirst();
      while (difference == null
          && !steps.isEmpty()
          && steps.getFirst().sequence() <= next.chunk()) {
        if (isFresh(steps.getFirst()) && !hasInputs(steps.getFirst())) {
          return;
        }
        run(steps.removeFirst());
      }
      boolean hasChunk = next.chunk() <= (isFresh ? sequence : told);
      if (!hasChunk) {
        return;
      }
      if (!isStarted && !next.has(CycleEvent.STARTED)) {
        pass(cycles.removeFirst());
      } else if (signals.has(signals.shown().jointState().name(), next.jointState())
          && hasTakeover(next)) {
        run(cycles.removeFirst());
      } else {
        return;
      }
    }
  }

  private boolean hasTakeover(RecordedCycle of) {
    return signals
        .shown()
        .takeover()
        .map(slot -> signals.has(slot.name(), of.takeover()))
        .orElse(true);
  }

  private boolean isFresh(RecordedStep step) {
    return isFresh || step.fresh();
  }

  private boolean hasInputs(RecordedStep step) {
    for (int i = 0; i < step.inputs().size(); i++) {
      if (!signals.has(step.inputs().get(i), step.versions()[i])) {
        return false;
      }
    }
    return true;
  }

  private void run(RecordedStep step) {
    if (!isFresh(step)) {
      return; // it went on from before the episode, and so did the policy
    }
    if (isFresh && step.sequence() != sequence + 1) {
      differ(cycle + 1, step.nanos(), "policy step", "one after " + sequence, "" + step.sequence());
    }
    if (step.swapped() && !takesOver(step)) {
      differ(
          cycle + 1,
          step.nanos(),
          "policy",
          seat.installed.name(),
          "another one that took over: " + step.driver());
      return;
    }
    isFresh = true;
    sequence = step.sequence();
    for (int i = 0; i < step.inputs().size(); i++) {
      signals.show(step.inputs().get(i), step.versions()[i]);
    }
    if (step.fresh()) {
      seat.policy.seed(step.noiseSeed());
      if (!step.swapped()) {
        inference.requestReset();
      }
    }
    seat.policy.exploration(step.exploration());
    overruled = step.overruled();
    committed = step.committed();
    watch.forgetStep();
    inference.plan(step.nanos());
    inference.publish();
    compare(step);
    explanation.stepped(step, watch.originNanos, signals);
  }

  /** Whether the policy that took over in a step is known; if so the step plans with it. */
  private boolean takesOver(RecordedStep step) {
    if (!(Driver.parse(step.driver()) instanceof Driver.Learned(String sha256))) {
      return false; // a person drove, or nobody, and the file does not say for which policy
    }
    if (!seats.containsKey(sha256)) {
      successors
          .apply(sha256)
          .ifPresent(mind -> {
            taken.add(mind);
            seats.put(sha256, Seat.of(mind, robot, signals.shown()));
          });
    }
    Seat next = seats.get(sha256);
    if (next == null) {
      return false;
    }
    seat = next;
    inference.install(next.installed);
    return true;
  }

  private void compare(RecordedStep step) {
    requireWatch(step.nanos());
    compareObservation(step);
    String label = step.chunk().map(RecordedStep.Chunk::label).orElse("none");
    String made = watch.chunk == null ? "none" : watch.chunk;
    if (!made.equals(label)) {
      differ(cycle + 1, step.nanos(), "chunk " + step.sequence(), made, label);
    }
    double[] actions = step.chunk().map(RecordedStep.Chunk::actions).orElse(new double[0]);
    int at = step.chunk().isEmpty() ? -1 : Arrays.mismatch(watch.actions, actions);
    if (at >= 0) {
      int joints = robot.jointCount();
      String joint = robot.jointNames().get(at % joints);
      differ(
          cycle + 1,
          step.nanos(),
          "chunk %s, action %s of '%s'".formatted(step.sequence(), at / joints, joint),
          value(watch.actions, at),
          value(actions, at));
    }
    float[] found = watch.foresight;
    float[] wanted = step.foresight().orElse(null);
    if (!Arrays.equals(found, wanted)) {
      differ(cycle + 1, step.nanos(), "foresight", Arrays.toString(found), Arrays.toString(wanted));
    }
    chunks += step.chunk().isPresent() ? 1 : 0;
  }

  private void compareObservation(RecordedStep step) {
    Observation seen = watch.observed;
    float[] wanted = step.observation().orElse(null);
    if (seen == null || wanted == null) {
      if (seen != null || wanted != null) {
        differ(
            cycle + 1,
            step.nanos(),
            "observation",
            seen == null ? watch.incomplete : "complete",
            wanted == null ? "incomplete" : "complete");
      }
      return;
    }
    int at = Arrays.mismatch(seen.values(), wanted);
    if (at >= 0) {
      differ(
          cycle + 1,
          step.nanos(),
          "observation of '%s'".formatted(feature(at)),
          at < seen.values().length ? "" + seen.values()[at] : "none",
          at < wanted.length ? "" + wanted[at] : "none");
    }
  }

  private String feature(int place) {
    int end = 0;
    for (Feature feature : seat.policy.spec().state()) {
      end += feature.size();
      if (place < end) {
        return feature.name() + " from " + feature.source().text();
      }
    }
    return "value " + place;
  }

  /** A cycle without commands, or one whose motion began before the episode. */
  private void pass(RecordedCycle next) {
    cycle++;
    skipped += next.has(CycleEvent.SENT) ? 1 : 0;
  }

  private void run(RecordedCycle next) {
    cycle++;
    if (!isStarted) {
      isStarted = true;
      control.tick(next.nanos() - next.elapsedNanos()); // so that it knows when that was
      control.engage(); // who resumes by itself was engaged before
    } else if (next.nanos() - next.elapsedNanos() != lastNanos) {
      differ(cycle, next.nanos(), "cycle", "one at " + lastNanos, "one that is not in the file");
    }
    tell(next);
    signals.show(signals.shown().jointState().name(), next.jointState());
    signals.shown().takeover().ifPresent(slot -> signals.show(slot.name(), next.takeover()));
    watch.forgetCycle();
    heldBack = next.has(CycleEvent.HELD_BACK);
    control.tick(next.nanos());
    lastNanos = next.nanos();
    compare(next);
    explanation.cycled(cycle, next, watch, control);
  }

  private void tell(RecordedCycle next) {
    if (next.has(CycleEvent.ENGAGE)) {
      control.engage();
    }
    if (next.has(CycleEvent.DISENGAGE)) {
      control.disengage();
    }
    if (next.has(CycleEvent.E_STOP)) {
      control.eStop(true);
      control.eStop(false);
    }
    if (next.has(CycleEvent.RELEASE)) {
      control.release();
    }
    if (next.has(CycleEvent.RESET)) {
      control.reset();
    }
    if (next.has(CycleEvent.AGENT_FAILED)) {
      control.fail("replayed");
    }
  }

  private void compare(RecordedCycle next) {
    requireWatch(next.nanos());
    if (next.has(CycleEvent.FAILED)) {
      differ(cycle, next.nanos(), "cycle", "one that did not fail", "a failure");
    }
    signals.shown().jointState().read(jointState);
    long hash = RecordedCycle.hash(jointState.values());
    if (next.jointState() != 0 && hash != next.jointStateHash()) {
      differ(
          cycle,
          next.nanos(),
          "joint_state",
          Long.toHexString(hash),
          Long.toHexString(next.jointStateHash()));
    }
    next.safety()
        .filter(said -> !said.equals(watch.safety))
        .ifPresent(said -> differ(cycle, next.nanos(), "safety", "" + watch.safety, said));
    double[] command = watch.command;
    if ((command != null) != next.has(CycleEvent.SENT)) {
      differ(
          cycle,
          next.nanos(),
          "command",
          command == null ? "none" : "one",
          next.has(CycleEvent.SENT) ? "one" : "none");
    }
    if (command == null) {
      return;
    }
    for (JointGroup group : robot.groups()) {
      double[] sent = next.commands().get(group.command().recordedTopic());
      int[] places = robot.places(group);
      for (int i = 0; sent != null && i < places.length; i++) {
        if (Double.doubleToRawLongBits(sent[i]) != Double.doubleToRawLongBits(command[places[i]])) {
          differ(
              cycle,
              next.nanos(),
              "command of '%s'".formatted(group.joints().get(i)),
              "" + command[places[i]],
              "" + sent[i]);
        }
      }
    }
    commands++;
  }

  private void requireWatch(long nanos) {
    Throwable failure = watch.failure;
    if (failure != null) {
      throw new IllegalStateException(
          "replay: what looks on failed at %s ns".formatted(nanos), failure);
    }
  }

  /** The first difference counts. A step's is that of the cycle that comes next. */
  private void differ(long ofCycle, long nanos, String signal, String replayed, String recorded) {
    if (difference == null) {
      difference = new Difference(ofCycle, nanos, signal, replayed, recorded);
    }
  }

  private static String value(double[] values, int at) {
    return at < values.length ? Double.toString(values[at]) : "none";
  }

  /** What the step was told of the chunks before it. */
  private final class Told implements Execution {
    @Override
    public @Nullable Driver driver() {
      return overruled ? OVERRULER : null;
    }

    @Override
    public long delayNanos() {
      return committed * seat.policy.spec().periodNanos();
    }
  }

  private final class Sink implements CommandSink {
    @Override
    public boolean ready() {
      return !heldBack;
    }

    @Override
    public void send(double[] positions, long stampNanos) {}
  }
}
