package dev.forearm.launch.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.forearm.launch.House;
import dev.forearm.launch.Output;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm faults}. */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description = {
      "Play episodes in which messages, clocks, policies and publishers fail, and judge every",
      "command that leaves by a judge that shares no code with the safety filter.",
      "Exits 0 only if no limit was exceeded, nothing hung and every outcome is a defined one.",
      "An episode that went wrong is played again by itself with --episode."
    })
public final class FaultsCommand implements Callable<Integer> {
  private static final String BUNDLE = "lift-sft";
  private static final long TOLD_EVERY = 1000;

  @Mixin private Output output;

  @Option(
      names = "--episodes",
      defaultValue = "1000",
      description = "How many to play (default: ${DEFAULT-VALUE}).")
  private long episodes;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "What all of them are drawn from (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--episode",
      paramLabel = "K",
      description = "Play only this one, and say all that happens in it.")
  private @Nullable Long only;

  @Override
  public Integer call() {
    silence();
    Long one = only;
    long from = one == null ? 0 : one;
    long until = one == null ? episodes : one + 1;
    Tally tally = new Tally();
    long started = System.nanoTime();
    try (FaultEpisodes plays = new FaultEpisodes(seed, House.bundle(BUNDLE))) {
      for (long number = from; number < until; number++) {
        Verdict verdict = plays.play(number);
        tally.add(verdict);
        if (one != null) {
          verdict.timeline().forEach(System.out::println);
          System.out.println("trace_sha256     " + verdict.traceSha256());
        }
        verdict
            .wrong()
            .forEach(what -> System.out.printf("episode %s: %s%n", verdict.episode(), what));
        if ((number + 1) % TOLD_EVERY == 0) {
          System.out.printf("%s episodes%n", number + 1);
        }
      }
    }
    Map<String, Object> report = tally.toJson(seed, (System.nanoTime() - started) * 1e-9);
    report.forEach((key, value) -> System.out.printf("%-20s %s%n", key, value));
    output.write(report);
    return tally.good() ? 0 : 1;
  }

  /** What the runtime says of each fault would drown what this says. */
  private static void silence() {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
  }
}
