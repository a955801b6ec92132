package dev.forearm.launch.robot;

import picocli.CommandLine.Command;

/** {@code forearm robot}. */
@Command(
    name = "robot",
    mixinStandardHelpOptions = true,
    description = "Make robot files.",
    subcommands = ImportCommand.class)
public final class RobotCommand {}
