package dev.forearm.launch.node;

import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticArray;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.diagnostic_msgs.KeyValue;
import dev.forearm.ros.msg.forearm_msgs.ForesightScore;
import dev.forearm.ros.msg.forearm_msgs.PolicyStatus;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.node.Node;
import dev.forearm.runtime.agent.CycleSummary;
import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.episode.RecorderState;
import dev.forearm.runtime.foresight.ForesightVerdict;
import dev.forearm.runtime.inference.InferenceStatistics;
import dev.forearm.runtime.safety.SafetyReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a running robot does, on {@code /diagnostics} once a second and on {@code ~/policy_status},
 * and what it imagines. Reads what the loops show anyway, on the node's thread.
 */
public final class RunTelemetry implements AutoCloseable {
  static final String DIAGNOSTICS = "/diagnostics";
  static final String STATUS = "~/policy_status";
  private static final long DIAGNOSTICS_NANOS = 1_000_000_000;
  private static final long STATUS_NANOS = 200_000_000;

  private final Node node;
  private final RobotSession session;
  private final Supplier<CycleSummary> cycles;
  private final Supplier<Mind> driving;
  private final Publication diagnostics;
  private final Publication status;
  private final List<Node.Repetition> repetitions;
  private final CdrWriter writer = new CdrWriter(1024);
  private long missedBefore;
  private long refusedBefore;

  /**
   * Publishes until it is closed.
   *
   * @param cycles of the control thread
   * @param driving whose policy is at work
   * @param imagined one of the session's taps
   */
  public RunTelemetry(
      Node node,
      RobotSession session,
      Supplier<CycleSummary> cycles,
      Supplier<Mind> driving,
      ImaginedFutures imagined) {
    this.node = node;
    this.session = session;
    this.cycles = cycles;
    this.driving = driving;
    diagnostics = node.optional().advertise(DIAGNOSTICS, DiagnosticArray.TYPE, Qos.DEFAULT);
    status = node.optional().advertise(STATUS, PolicyStatus.TYPE, Qos.LATCHED);
    repetitions =
        List.of(
            node.every(() -> DIAGNOSTICS_NANOS, this::diagnose),
            node.every(() -> STATUS_NANOS, this::tellStatus),
            imagined.publishBy(node, session.robot(), session.clock(), driving));
  }

  /** What was made of the newest chunk, as a message. */
  static ForesightScore foresight(InferenceStatistics statistics) {
    byte verdict =
        switch (statistics.verdict()) {
          case EXECUTE -> ForesightScore.EXECUTE;
          case SHORTEN -> ForesightScore.SHORTEN;
          case HOLD -> ForesightScore.HOLD;
        };
    return new ForesightScore(
        verdict, statistics.foresightError(), statistics.realised(), statistics.spread());
  }

  private void tellStatus() {
    ControlSnapshot now = session.control().board().snapshot();
    InferenceStatistics statistics = session.policyLoop().statistics();
    CycleSummary cycle = cycles.get();
    Mind mind = driving.get();
    new PolicyStatus(
            node.clock().now(),
            session.robot().name(),
            mind.name(),
            mind.sha256(),
            now.state().name(),
            now.reason().meaning(),
            now.culprit(),
            cycle.cycles(),
            cycle.missed(),
            cycle.meanHz(),
            statistics.steps(),
            statistics.refusals(),
            statistics.inference().percentile(50) / 1e6,
            statistics.inference().percentile(99) / 1e6,
            foresight(statistics),
            file().orElse(""))
        .encode(writer);
    status.publish(writer);
  }

  private Optional<String> file() {
    return session
        .recorder()
        .flatMap(recorder ->
            recorder.state() instanceof RecorderState.Recording open
                ? Optional.of(open.file().toString())
                : Optional.empty());
  }

  private void diagnose() {
    List<DiagnosticStatus> parts = new ArrayList<>();
    ControlSnapshot now = session.control().board().snapshot();
    InferenceStatistics statistics = session.policyLoop().statistics();
    parts.add(control(cycles.get()));
    parts.add(inference(statistics));
    parts.add(foresightPart(statistics));
    parts.add(safety(now));
    session.recorder().ifPresent(recorder -> parts.add(recorder(recorder.state())));
    parts.add(policy(driving.get()));
    new DiagnosticArray(new Header(node.clock().now(), ""), parts).encode(writer);
    diagnostics.publish(writer);
  }

  private DiagnosticStatus control(CycleSummary cycle) {
    long missed = cycle.missed() - missedBefore;
    missedBefore = cycle.missed();
    return part(
        "control",
        missed > 0 ? DiagnosticStatus.WARN : DiagnosticStatus.OK,
        missed > 0 ? missed + " cycles began a period late or more" : "regular",
        value("rate_hz", cycle.meanHz()),
        value("cycles", cycle.cycles()),
        value("missed_cycles", cycle.missed()),
        value("period_p50_us", cycle.periodP50Micros()),
        value("period_p99_us", cycle.periodP99Micros()),
        value("wake_p99_us", cycle.wakeP99Micros()),
        value("work_p99_us", cycle.workP99Micros()),
        value("bytes_per_cycle", cycle.bytesPerCycle()));
  }

  private DiagnosticStatus inference(InferenceStatistics statistics) {
    long refused = statistics.refusals() - refusedBefore;
    refusedBefore = statistics.refusals();
    NanosHistogram took = statistics.inference();
    return part(
        "inference",
        refused > 0 ? DiagnosticStatus.WARN : DiagnosticStatus.OK,
        refused > 0 ? refused + " chunks were refused" : "plans",
        value("steps", statistics.steps()),
        value("refused_chunks", statistics.refusals()),
        value("refused_plans", statistics.refusedPlans()),
        value("skipped_steps", statistics.skipped()),
        value("latency_p50_ms", took.percentile(50) / 1e6),
        value("latency_p99_ms", took.percentile(99) / 1e6));
  }

  private DiagnosticStatus foresightPart(InferenceStatistics statistics) {
    boolean believed = statistics.verdict() == ForesightVerdict.EXECUTE;
    return part(
        "foresight",
        believed ? DiagnosticStatus.OK : DiagnosticStatus.WARN,
        statistics.verdict().name(),
        value("error", statistics.foresightError()),
        value("realised", statistics.realised()),
        value("spread", statistics.spread()));
  }

  private DiagnosticStatus safety(ControlSnapshot now) {
    boolean unasked = now.reason() != SafetyReason.NONE && now.reason() != SafetyReason.NOT_ENGAGED;
    byte level =
        switch (now.state()) {
          case IDLE, RUN -> DiagnosticStatus.OK;
          case HOLD, RAMP_DOWN -> unasked ? DiagnosticStatus.WARN : DiagnosticStatus.OK;
          case STOPPED, FAULT -> DiagnosticStatus.ERROR;
        };
    return part(
        "safety",
        level,
        now.state() + ": " + now.reason().meaning(),
        new KeyValue("state", now.state().name()),
        new KeyValue("reason", now.reason().name()),
        new KeyValue("culprit", now.culprit()),
        value("filtered_cycles", session.control().board().edits()),
        new KeyValue("fenced", Boolean.toString(now.fenced())));
  }

  private DiagnosticStatus recorder(RecorderState state) {
    return switch (state) {
      case RecorderState.Idle _ -> part("recorder", DiagnosticStatus.OK, "no episode is open");
      case RecorderState.Recording open ->
          part(
              "recorder",
              DiagnosticStatus.OK,
              "records",
              new KeyValue("file", open.file().toString()));
      case RecorderState.Stopped stopped ->
          part(
              "recorder",
              DiagnosticStatus.ERROR,
              stopped.report().reason(),
              new KeyValue("file", stopped.report().file().toString()));
    };
  }

  private DiagnosticStatus policy(Mind mind) {
    return part(
        "policy",
        DiagnosticStatus.OK,
        mind.name() + " drives",
        new KeyValue("bundle", mind.name()),
        new KeyValue("bundle_sha256", mind.sha256()),
        new KeyValue("task", mind.task()));
  }

  private DiagnosticStatus part(String name, byte level, String message, KeyValue... values) {
    return new DiagnosticStatus(
        level, node.name().name() + ": " + name, message, session.robot().name(), List.of(values));
  }

  private static KeyValue value(String key, double value) {
    return new KeyValue(key, Double.toString(value));
  }

  private static KeyValue value(String key, long value) {
    return new KeyValue(key, Long.toString(value));
  }

  @Override
  public void close() {
    repetitions.forEach(Node.Repetition::close);
    diagnostics.close();
    status.close();
  }
}
