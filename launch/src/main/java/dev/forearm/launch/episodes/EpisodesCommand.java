package dev.forearm.launch.episodes;

import picocli.CommandLine.Command;

/** {@code forearm episodes}: holds its subcommands. */
@Command(
    name = "episodes",
    mixinStandardHelpOptions = true,
    description = "List, show, check, repair, label, export and import episodes.",
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      CheckCommand.class,
      RepairCommand.class,
      LabelCommand.class,
      ExportCommand.class,
      ImportCommand.class
    })
public final class EpisodesCommand {}
