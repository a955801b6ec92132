package dev.forearm.launch.swap;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm swap}. */
@Command(
    name = "swap",
    mixinStandardHelpOptions = true,
    description = {
      "Have the robot that runs with --policies SHELF go over to another policy, in mid-motion.",
      "Exits 0 if that drives now, 1 if it was refused; the old one then goes on.",
      "Whether it is any good nobody asks: 'forearm promote' does. docs/swap.md tells more."
    })
public final class SwapCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "BUNDLE",
      description = "A bundle's folder or .zip, the name of one, or a version of the shelf.")
  private String bundle;

  @Option(
      names = "--into",
      paramLabel = "SHELF",
      defaultValue = "shelf",
      description = "The shelf that the robot drives from (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Mixin private Output output;

  @Override
  public Integer call() {
    PolicyShelf shelf = PolicyShelf.open(folder);
    if (!shelf.watched()) {
      throw new LaunchFailure(
          "swap: no robot runs with --policies %s; start one, or let 'forearm promote' judge the bundle"
              .formatted(folder));
    }
    ShelfVersion version = Policies.onShelf(shelf, bundle);
    Map<String, Object> report = new LinkedHashMap<>(version.toJson());
    if (shelf.active().filter(active -> active.id().equals(version.id())).isPresent()) {
      System.out.printf("%s (%s) drives already%n", version.id(), version.name());
      output.write(report);
      return 0;
    }
    SwapWait wait = new SwapWait(shelf);
    shelf.want(version.id());
    SwapRecord swap = wait.forOutcome(version.id());
    System.out.println(swap.text());
    report.put("swap", swap.toJson());
    output.write(report);
    return swap.outcome() == SwapRecord.Outcome.ACTIVE ? 0 : 1;
  }
}
