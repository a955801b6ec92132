package dev.forearm.launch.episodes;

import picocli.CommandLine.Command;

/** {@code forearm episodes}: holds its subcommands. */
@Command(
    name = "episodes",
    mixinStandardHelpOptions = true,
    description = "List, show, check, repair and label recorded episodes.",
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      CheckCommand.class,
      RepairCommand.class,
      LabelCommand.class
    })
public final class EpisodesCommand {}
