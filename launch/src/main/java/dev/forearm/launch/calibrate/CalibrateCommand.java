package dev.forearm.launch.calibrate;

import picocli.CommandLine.Command;

/** {@code forearm calibrate}. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = "Identify what is particular to one robot.",
    subcommands = {
      IntrinsicsCommand.class,
      JointsCommand.class,
      HandEyeCommand.class,
      LatencyCommand.class,
      ActuatorsCommand.class,
      CheckCommand.class
    })
public final class CalibrateCommand {}
