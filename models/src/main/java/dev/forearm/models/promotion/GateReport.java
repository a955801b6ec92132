package dev.forearm.models.promotion;

import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.ShelfVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a candidate was judged.
 *
 * @param decision what became of it
 * @param reason in a sentence, for people
 * @param candidate as it now stands on the shelf
 * @param incumbent that it was compared with; empty on a new shelf
 * @param findings of each step, in order
 */
public record GateReport(
    Decision decision,
    String reason,
    ShelfVersion candidate,
    Optional<ShelfVersion> incumbent,
    List<Finding> findings) {

  /** What can become of a candidate. */
  public enum Decision {
    /** It drives now. */
    PROMOTED,
    /** It is the incumbent. */
    UNCHANGED,
    /** Something speaks against it. */
    REFUSED,
    /** Nothing speaks against it, and too little for it: it waits. */
    UNPROVEN
  }

  public GateReport {
    findings = List.copyOf(findings);
  }

  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("decision", decision.name().toLowerCase(Locale.ROOT));
    json.put("reason", reason);
    json.put("candidate", candidate.id());
    json.put("candidate_sha256", candidate.sha256());
    json.put("incumbent", incumbent.map(ShelfVersion::id).orElse(null));
    json.put("incumbent_sha256", incumbent.map(ShelfVersion::sha256).orElse(null));
    json.put("findings", findings.stream().map(Finding::toJson).toList());
    return json;
  }
}
