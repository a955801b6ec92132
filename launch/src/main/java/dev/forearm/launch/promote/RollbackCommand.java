package dev.forearm.launch.promote;

import dev.forearm.launch.Output;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import java.nio.file.Path;
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
      "What runs now keeps its policy until it is started again."
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
    ShelfVersion now = PolicyShelf.open(folder).rollback();
    System.out.printf("%s (%s) is active%n", now.id(), now.name());
    output.write(now.toJson());
    return 0;
  }
}
