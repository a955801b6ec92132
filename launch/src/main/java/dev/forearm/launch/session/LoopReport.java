package dev.forearm.launch.session;

import dev.forearm.runtime.agent.CycleSummary;
import dev.forearm.runtime.agent.NanosHistogram;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How a real-time session's loops did, by the names that machines read, and in words. */
public final class LoopReport {
  private final CycleSummary cycles;
  private final NanosHistogram inference;

  public LoopReport(RobotSession session, RealTimeDrive drive) {
    cycles = drive.controlCycles();
    inference = session.policyLoop().statistics().inference();
  }

  /** Rates in Hz, times in us; bytes per cycle null before the second cycle. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("control_hz", cycles.meanHz());
    json.put("missed_cycles", cycles.missed());
    json.put("cycles", cycles.cycles());
    json.put("period_p50_us", cycles.periodP50Micros());
    json.put("period_p99_us", cycles.periodP99Micros());
    json.put("period_max_us", cycles.periodMaxMicros());
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
        control    %.2f Hz over %s cycles, %s missed; period p50 %.0f, p99 %.0f, max %.0f us
                   %s bytes allocated per cycle
        inference  p50 %.0f, p99 %.0f us\
        """,
        cycles.meanHz(),
        cycles.cycles(),
        cycles.missed(),
        cycles.periodP50Micros(),
        cycles.periodP99Micros(),
        cycles.periodMaxMicros(),
        Double.isNaN(bytes) ? "(too short to tell)" : String.format(Locale.ROOT, "%.2f", bytes),
        inference.percentile(50) / 1e3,
        inference.percentile(99) / 1e3);
  }
}
