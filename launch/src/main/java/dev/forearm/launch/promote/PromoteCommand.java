package dev.forearm.launch.promote;

import static java.util.stream.Collectors.joining;

import dev.forearm.launch.DrivingOptions;
import dev.forearm.launch.GivesWay;
import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.launch.TaskOptions;
import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.StepListener;
import dev.forearm.launch.swap.SwapWait;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.SigningKey;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.promotion.GateReport;
import dev.forearm.models.promotion.GateSettings;
import dev.forearm.models.promotion.HeldOutTrial;
import dev.forearm.models.promotion.PromotionGate;
import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.node.SimSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm promote}. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Judge a candidate against the version that drives, and let it drive if it is not worse:",
      "its files and signature, its actions on logged observations, what a model learned from the",
      "logs predicts, and a paired test on held-out starts in lockstep. A robot that runs with",
      "--policies SHELF goes over to it at once.",
      "Exits 0 if it drives now, 1 if it does not; 'decision' of --json tells why.",
      "docs/promotion.md tells what each step proves."
    })
public final class PromoteCommand implements Callable<Integer>, GivesWay {
  @Parameters(
      paramLabel = "CANDIDATE",
      description = "A bundle's folder or .zip, the name of one, or a version of the shelf.")
  private String candidate;

  @Option(
      names = "--into",
      paramLabel = "SHELF",
      defaultValue = PoliciesCommand.SHELF,
      description = "The shelf, made if it is not there (default: ${DEFAULT-VALUE}).")
  private Path into;

  @Option(
      names = "--robot",
      defaultValue = "tabletop",
      description = "Robot file, or the name of one (default: ${DEFAULT-VALUE}).")
  private String robotName;

  @Option(
      names = "--trusted",
      paramLabel = "KEY.pem",
      description = "Want a signature by this Ed25519 public key, or another given so.")
  private List<Path> trusted = List.of();

  @Option(
      names = "--unsigned",
      description = "Take one without a signature too; one that is there is still checked.")
  private boolean unsigned;

  @Option(
      names = "--sign",
      paramLabel = "KEY.pem",
      description = "Sign it with this Ed25519 private key if it is let through unsigned.")
  private @Nullable Path signer;

  @Option(
      names = "--logs",
      paramLabel = "PLACE",
      arity = "1..*",
      description = "Recorded episodes: files, or folders of them.")
  private List<Path> logs = List.of();

  @Mixin private TaskOptions asked;
  @Mixin private DrivingOptions driving;

  @Option(
      names = "--episodes-max",
      defaultValue = "300",
      description = "Most held-out starts to play (default: ${DEFAULT-VALUE}).")
  private int mostEpisodes;

  @Option(
      names = "--margin",
      defaultValue = "0.05",
      description = "Loss of success rate that is too much; 0: it must be better (default: 0.05).")
  private double margin;

  @Option(
      names = "--alpha",
      defaultValue = "0.05",
      description = "Most often to let one through that is worse by that (default: 0.05).")
  private double alpha;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "Give an episode up after so long without a new stage (default: never).")
  private double patienceSeconds = Double.POSITIVE_INFINITY;

  @Option(names = "--no-evaluation", description = "Play nothing: judge from the logs alone.")
  private boolean noEvaluation;

  @Option(
      names = "--accept-unproven",
      description = "Let it drive if nothing speaks against it, though too little speaks for it.")
  private boolean acceptUnproven;

  @Mixin private Output output;

  @Override
  public Integer call() {
    Robot robot = driving.of(House.robot(robotName));
    GateSettings settings = settings();
    PolicyShelf shelf = PolicyShelf.openOrMake(into);
    SwapWait wait = new SwapWait(shelf);
    PromotionGate gate = new PromotionGate(shelf, robot, settings, PromoteCommand::tell);
    Path bundle = bundle(shelf);
    GateReport report = gate.judge(bundle, read(logs, robot), trial(bundle, robot));
    ShelfVersion version = report.candidate();
    System.out.printf(
        "%s (%s): %s: %s%n",
        version.id(),
        version.name(),
        report.decision().name().toLowerCase(Locale.ROOT),
        report.reason());
    Map<String, Object> json = new LinkedHashMap<>(report.toJson());
    boolean drives =
        switch (report.decision()) {
          case PROMOTED, UNCHANGED -> true;
          case REFUSED, UNPROVEN -> false;
        };
    if (drives) { // a robot that runs takes it over, or just has
      Optional<SwapRecord> swap =
          shelf.active().equals(Optional.of(version))
              ? wait.outcome(version.id())
              : Optional.of(wait.forOutcome(version.id()));
      swap.map(SwapRecord::text).ifPresent(System.out::println);
      swap.ifPresent(its -> json.put("swap", its.toJson()));
      drives =
          swap.map(SwapRecord::outcome).orElse(SwapRecord.Outcome.ACTIVE)
              == SwapRecord.Outcome.ACTIVE;
    }
    output.write(json);
    return drives ? 0 : 1;
  }

  private GateSettings settings() {
    GateSettings usual = GateSettings.standard();
    try {
      return new GateSettings(
          Trust.of(trusted, !trusted.isEmpty() && !unsigned),
          Optional.ofNullable(signer).map(SigningKey::of),
          margin,
          alpha,
          mostEpisodes,
          usual.repeatedStarts(),
          usual.mostFlips(),
          usual.seed(),
          acceptUnproven);
    } catch (IllegalArgumentException e) {
      throw new LaunchFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private Path bundle(PolicyShelf shelf) {
    return shelf.versions().stream()
        .filter(version -> version.id().equals(candidate))
        .findFirst()
        .map(shelf::bundle)
        .orElseGet(() -> House.bundle(candidate));
  }

  private Optional<HeldOutTrial> trial(Path bundle, Robot robot) {
    if (noEvaluation) {
      return Optional.empty();
    }
    String madeFor;
    try (Bundle read = BundleReader.read(bundle, Trust.anyone())) {
      madeFor = read.manifest().task();
    }
    EpisodeHooks hooks = new EpisodeHooks(patienceSeconds, 0, StepListener.NONE);
    return Optional.of(
        new SimulatedTrial(
            robot,
            mind -> driving.of(mind, robot),
            asked.taskOf(madeFor),
            SimSettings.of(asked.gap()),
            asked.seed(),
            hooks,
            "task %s, gap %s, seed %s%s"
                .formatted(
                    asked.taskOf(madeFor).label(),
                    asked.gapName(),
                    asked.seed(),
                    driving.arguments().stream().map(how -> ", " + how).collect(joining()))));
  }

  /** The episodes at some places; of a folder, an odd one is reported and left out. */
  private static List<RecordedPlans> read(List<Path> places, Robot robot) {
    List<RecordedPlans> episodes = new ArrayList<>();
    for (Path place : places) {
      for (Path file : EpisodeReader.files(place)) {
        try {
          episodes.add(EpisodeReader.read(file, robot));
        } catch (RuntimeFault fault) {
          if (!Files.isDirectory(place)) {
            throw fault;
          }
          System.out.println("skipped: " + fault.getMessage());
        }
      }
    }
    return episodes;
  }

  private static void tell(Finding found) {
    System.out.printf(
        "%-13s  %-11s  %s%n",
        found.check().name().toLowerCase(Locale.ROOT),
        found.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        found.explanation());
  }
}
