package dev.forearm.launch;

import dev.forearm.launch.calibrate.CalibrateCommand;
import dev.forearm.launch.demo.DemoCommand;
import dev.forearm.launch.diagnose.DiagnoseCommand;
import dev.forearm.launch.doctor.DoctorCommand;
import dev.forearm.launch.episodes.EpisodesCommand;
import dev.forearm.launch.episodes.LabelCommand;
import dev.forearm.launch.faults.FaultsCommand;
import dev.forearm.launch.foresight.ForesightCommand;
import dev.forearm.launch.learn.ExperimentCommand;
import dev.forearm.launch.learn.LearnCommand;
import dev.forearm.launch.promote.PoliciesCommand;
import dev.forearm.launch.promote.PromoteCommand;
import dev.forearm.launch.promote.RollbackCommand;
import dev.forearm.launch.replay.ReplayCommand;
import dev.forearm.launch.robot.RobotCommand;
import dev.forearm.launch.swap.SwapCommand;
import dev.forearm.launch.train.GradCommand;
import dev.forearm.launch.train.TrainCommand;
import dev.forearm.launch.view.ViewCommand;
import dev.forearm.runtime.ffi.LinuxScheduling;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParseResult;

/**
 * The program's entry. Exit codes: 0 the command did what it was asked, 1 it did not, 2 the command
 * line was wrong.
 */
@Command(
    name = "forearm",
    description = "Robot-side runtime for World-Action models.",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      SimCommand.class,
      EvaluateCommand.class,
      KeepCommand.class,
      RecordCommand.class,
      ReplayCommand.class,
      ViewCommand.class,
      EpisodesCommand.class,
      CalibrateCommand.class,
      DiagnoseCommand.class,
      BenchCommand.class,
      GradCommand.class,
      TrainCommand.class,
      LearnCommand.class,
      ExperimentCommand.class,
      ForesightCommand.class,
      PromoteCommand.class,
      PoliciesCommand.class,
      RollbackCommand.class,
      SwapCommand.class,
      LabelCommand.class,
      RobotCommand.class,
      DoctorCommand.class,
      FaultsCommand.class,
      HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "'./forearm test' builds everything and runs the whole test suite.",
      "'./forearm COMMAND --help' tells a command's options."
    })
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // for the libraries that write numbers: bars and plots
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(commandLine(err).setExecutionStrategy(Main::asAProcess).execute(arguments));
  }

  private static int asAProcess(ParseResult parsed) {
    if (parsed.asCommandLineList().getLast().getCommand() instanceof GivesWay) {
      LinuxScheduling.processGivesWay();
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /**
   * Runs one command line within this process; messages of failure go to {@code err}. Returns the
   * exit code.
   */
  static int run(PrintWriter err, String... arguments) {
    return commandLine(err).execute(arguments);
  }

  static CommandLine commandLine(PrintWriter err) {
    return new CommandLine(new Main())
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::report);
  }

  /** One line a person can act on; the stack trace only where {@code --verbose} asks for it. */
  private static int report(Exception failure, CommandLine command, ParseResult parsed) {
    String name = command.getCommandName();
    String message = failure.getMessage();
    command.getErr().println(name + ": " + (message == null ? failure.toString() : message));
    if (command.getParseResult().hasMatchedOption("--verbose")) {
      failure.printStackTrace(command.getErr());
    }
    LoggerFactory.getLogger(Main.class).debug("{} failed", name, failure);
    return CommandLine.ExitCode.SOFTWARE;
  }
}
