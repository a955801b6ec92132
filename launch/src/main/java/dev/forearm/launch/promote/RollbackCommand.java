package dev.forearm.launch.promote;

import dev.forearm.launch.Output;
import dev.forearm.launch.swap.SwapWait;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code forearm rollback}. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Let the version drive again that drove before; once more, the one before that.",
      "A robot that runs with --policies SHELF goes over to it now; others when they are started."
    })
public final class RollbackCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "SHELF",
      defaultValue = PoliciesCommand.SHELF,
      description = "The shelf (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Mixin private Output output;

  @Override
  public Integer call() {
    PolicyShelf shelf = PolicyShelf.open(folder);
    SwapWait wait = new SwapWait(shelf);
    boolean runs = shelf.watched();
    ShelfVersion now = shelf.rollback();
    Map<String, Object> report = new LinkedHashMap<>(now.toJson());
    boolean drives = true;
    if (runs) {
      SwapRecord swap = wait.forOutcome(now.id());
      System.out.println(swap.text());
      report.put("swap", swap.toJson());
      drives = swap.outcome() == SwapRecord.Outcome.ACTIVE;
    } else {
      System.out.printf("%s (%s) is active%n", now.id(), now.name());
    }
    output.write(report);
    return drives ? 0 : 1;
  }
}
