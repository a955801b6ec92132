package dev.forearm.launch.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What many episodes came to. */
final class Tally {
  private final List<Verdict> bad = new ArrayList<>();
  private final Map<String, Long> outcomes = new TreeMap<>();
  private long episodes;
  private long commands;
  private long violations;
  private long hangs;
  private long undefined;

  void add(Verdict verdict) {
    episodes++;
    commands += verdict.commands();
    violations += verdict.violations();
    hangs += verdict.hung() ? 1 : 0;
    undefined += verdict.undefined() ? 1 : 0;
    outcomes.merge("%s, %s".formatted(verdict.state(), verdict.reason()), 1L, Long::sum);
    if (!verdict.good()) {
      bad.add(verdict);
    }
  }

  boolean good() {
    return bad.isEmpty();
  }

  Map<String, Object> toJson(long seed, double seconds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seed", seed);
    json.put("episodes", episodes);
    json.put("limit_violations", violations);
    json.put("hangs", hangs);
    json.put("undefined_outcomes", undefined);
    json.put("commands", commands);
    json.put("episodes_per_second", episodes / seconds);
    json.put("ends", outcomes);
    json.put("failing_episodes", bad.stream().map(Verdict::episode).toList());
    return json;
  }
}
