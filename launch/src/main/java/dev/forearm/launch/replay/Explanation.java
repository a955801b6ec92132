package dev.forearm.launch.replay;

import dev.forearm.ros.robot.RecordedCycle;
import dev.forearm.ros.robot.RecordedSignals;
import dev.forearm.ros.robot.RecordedStep;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.foresight.ForesightVerdict;
import dev.forearm.runtime.inference.CycleEvent;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells of one command where it came from: the policy, what that saw and when, what was edited. */
final class Explanation {
  private final Robot robot;
  private final long asked;
  private final List<String> lines = new ArrayList<>();
  private @Nullable RecordedStep step; // of the newest chunk
  private @Nullable RecordedStep judged; // newest
  private long originNanos;
  private List<String> inputs = List.of();

  Explanation(Robot robot, long asked) {
    this.robot = robot;
    this.asked = asked;
  }

  /** What was told of the cycle that was asked for; empty if it did not come. */
  Optional<String> text() {
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
  }

  void stepped(RecordedStep next, long origin, RecordedSignals signals) {
    if (asked == 0) {
      return;
    }
    judged = next;
    if (next.chunk().isPresent()) {
      step = next;
      originNanos = origin;
      inputs = new ArrayList<>();
      for (int i = 0; i < next.inputs().size(); i++) {
        RecordedSignals.Stamps stamps = signals.stamps(next.inputs().get(i), next.versions()[i]);
        if (stamps != null) {
          inputs.add(
              String.format(
                  Locale.ROOT,
                  "  %-22s stamp %s ns, came %s before",
                  next.inputs().get(i),
                  stamps.stampNanos(),
                  ms(next.nanos() - stamps.receivedNanos())));
        }
      }
    }
  }

  void cycled(long cycle, RecordedCycle at, LoopWatch watch, ControlLoop control) {
    if (cycle != asked) {
      return;
    }
    ControlSnapshot now = control.board().snapshot();
    lines.add(
        String.format(
            Locale.ROOT,
            "cycle %s at %s ns, %s after the one before: %s, %s",
            cycle,
            at.nanos(),
            ms(at.elapsedNanos()),
            now.state(),
            now.reason().meaning()));
    RecordedStep from = step;
    if (from != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "chunk %s by %s, observed %s before, planned in %s, actions count from %s before",
              from.sequence(),
              from.driver(),
              ms(at.nanos() - from.nanos()),
              ms(from.inferenceNanos()),
              ms(at.nanos() - originNanos)));
      lines.add("observed");
      lines.addAll(inputs);
    }
    tellForesight();
    double[] command = watch.command;
    if (command == null) {
      lines.add("no command");
      return;
    }
    boolean runs = now.state() == SafetyState.RUN;
    lines.add(at.has(CycleEvent.FENCED) ? "command, slowed by a box" : "command");
    for (int j = 0; j < command.length; j++) {
      double edit = command[j] - control.wanted()[j];
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-22s %.6f%s",
              robot.jointNames().get(j),
              command[j],
              runs ? String.format(Locale.ROOT, ", edited by %+.6f", edit) : ""));
    }
  }

  @SuppressWarnings("EnumOrdinal") // as the episode's foresight message has it
  private void tellForesight() {
    Optional<float[]> found = judged == null ? Optional.empty() : judged.foresight();
    found.ifPresent(f ->
        lines.add(
            String.format(
                Locale.ROOT,
                "foresight %s: error %.4f, realised %.4f, spread %.4f",
                ForesightVerdict.values()[(int) f[0]].name().toLowerCase(Locale.ROOT),
                f[1],
                f[2],
                f[3])));
  }

  private static String ms(long nanos) {
    return String.format(Locale.ROOT, "%.3f ms", nanos * 1e-6);
  }
}
