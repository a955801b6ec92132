package dev.forearm.launch.session;

import dev.forearm.runtime.agent.CycleSummary;
import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.agent.OverrunCause;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How a real-time session's loops did, by the names that machines read, and in words. */
public final class LoopReport {
  private final CycleSummary cycles;
  private final Map<OverrunCause, Long> overruns;
  private final NanosHistogram inference;

  public LoopReport(RobotSession session, RealTimeDrive drive) {
    cycles = drive.controlCycles();
    overruns = drive.controlOverruns();
    inference = session.policyLoop().statistics().inference();
  }

  /** Rates in Hz, times in us; bytes per cycle null before the second cycle. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("control_hz", cycles.meanHz());
    json.put("missed_cycles", cycles.missed());
    json.put("cycles", cycles.cycles());
    for (OverrunCause cause : OverrunCause.values()) {
      json.put(
          "overruns_" + cause.name().toLowerCase(Locale.ROOT), overruns.getOrDefault(cause, 0L));
    }
    json.put("period_p50_us", cycles.periodP50Micros());
    json.put("period_p99_us", cycles.periodP99Micros());
    json.put("period_max_us", cycles.periodMaxMicros());
    json.put("wake_p50_us", cycles.wakeP50Micros());
    json.put("wake_p99_us", cycles.wakeP99Micros());
    json.put("wake_max_us", cycles.wakeMaxMicros());
    double bytes = cycles.bytesPerCycle();
    json.put("control_bytes_per_cycle", Double.isNaN(bytes) ? null : bytes);
    json.put("inference_p50_us", inference.percentile(50) / 1e3);
    json.put("inference_p99_us", inference.percentile(99) / 1e3);
    return json;
  }

  /** For people. */
  public String inWords() {
    double bytes = cycles.bytesPerCycle();
    return String.format(
        Locale.ROOT,
        """
        control    %.2f Hz over %s cycles, %s missed%s
                   period p50 %.0f, p99 %.0f, max %.0f us; woken p50 %.0f, p99 %.0f, max %.0f us late
                   %s bytes allocated per cycle
        inference  p50 %.0f, p99 %.0f us\
        """,
        cycles.meanHz(),
        cycles.cycles(),
        cycles.missed(),
        causes(),
        cycles.periodP50Micros(),
        cycles.periodP99Micros(),
        cycles.periodMaxMicros(),
        cycles.wakeP50Micros(),
        cycles.wakeP99Micros(),
        cycles.wakeMaxMicros(),
        Double.isNaN(bytes) ? "(too short to tell)" : String.format(Locale.ROOT, "%.2f", bytes),
        inference.percentile(50) / 1e3,
        inference.percentile(99) / 1e3);
  }

  /** How many cycles came late, and why; nothing if none did. */
  private String causes() {
    return overruns.isEmpty()
        ? ""
        : overruns.entrySet().stream()
            .map(each -> each.getValue() + " " + each.getKey().words())
            .collect(Collectors.joining(", ", " (late cycles: ", ")"));
  }
}
