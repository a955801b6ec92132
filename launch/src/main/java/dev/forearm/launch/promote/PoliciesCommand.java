package dev.forearm.launch.promote;

import dev.forearm.launch.Output;
import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code forearm policies}. */
@Command(
    name = "policies",
    mixinStandardHelpOptions = true,
    description = "List the versions of a policy: lineage, scores, state.")
public final class PoliciesCommand implements Callable<Integer> {
  /** Where a shelf lies if nobody says otherwise. */
  static final String SHELF = "shelf";

  private static final int HASH_SHOWN = 12;

  @Parameters(
      paramLabel = "SHELF",
      defaultValue = SHELF,
      description = "The shelf (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Mixin private Output output;

  @Override
  public Integer call() {
    List<ShelfVersion> versions = PolicyShelf.open(folder).versions();
    System.out.printf(
        "%-5s %-9s  %-20s  %-12s  %-12s  %-18s  %s%n",
        "", "state", "name", "hash", "parent", "success (before)", "note");
    for (ShelfVersion version : versions) {
      System.out.printf(
          "%-5s %-9s  %-20s  %-12s  %-12s  %-18s  %s%n",
          version.id(),
          version.state().label(),
          version.name(),
          version.sha256().substring(0, HASH_SHOWN),
          version.parent().map(hash -> parent(versions, hash)).orElse("-"),
          score(version),
          version.state().note());
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("shelf", folder.toAbsolutePath().toString());
    report.put("versions", versions.stream().map(ShelfVersion::toJson).toList());
    output.write(report);
    return 0;
  }

  private static String parent(List<ShelfVersion> versions, String hash) {
    return versions.stream()
        .filter(version -> version.sha256().equals(hash))
        .map(ShelfVersion::id)
        .findFirst()
        .orElseGet(() -> hash.substring(0, Math.min(HASH_SHOWN, hash.length())));
  }

  /** Of how many starts it succeeded on how many, and the incumbent that it was compared with. */
  private static String score(ShelfVersion version) {
    return version.findings().stream()
        .filter(found -> found.check() == Finding.Check.EVALUATION)
        .map(Finding::numbers)
        .filter(numbers -> numbers.containsKey("starts"))
        .map(numbers ->
            String.format(
                Locale.ROOT,
                "%.0f/%.0f (%.0f)",
                numbers.get("candidate_successes"),
                numbers.get("starts"),
                numbers.get("incumbent_successes")))
        .findFirst()
        .orElse("-");
  }
}
