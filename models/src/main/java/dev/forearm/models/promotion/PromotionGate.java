package dev.forearm.models.promotion;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.learn.LabelEvidence;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.promotion.GateReport.Decision;
import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.Finding.Check;
import dev.forearm.models.shelf.Finding.Verdict;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts candidates on a shelf, judges them and lets only those drive that are not worse than the
 * incumbent. One thread.
 */
public final class PromotionGate {
  private static final int MOST_OBSERVATIONS = 1000;

  private final PolicyShelf shelf;
  private final Robot robot;
  private final GateSettings settings;
  private final Consumer<Finding> listener;

  /**
   * @param listener told of each step as it ends
   */
  public PromotionGate(
      PolicyShelf shelf, Robot robot, GateSettings settings, Consumer<Finding> listener) {
    this.shelf = shelf;
    this.robot = robot;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Judges a candidate, step by step until one refuses it, and writes down on the shelf what was
   * found. It is promoted if its evaluation passes; if there is no incumbent and nothing speaks
   * against it; or if nothing does and unproven ones are accepted.
   *
   * @param candidate a bundle's folder or .zip, or a version that lies on the shelf
   * @param logs recorded episodes of the task; may be none
   * @param trial held-out episodes; empty: there is nothing to play on
   * @throws ModelsFault if the candidate's files are damaged: it does not come onto the shelf
   */
  public GateReport judge(Path candidate, List<RecordedPlans> logs, Optional<HeldOutTrial> trial) {
    ShelfVersion version = shelf.add(candidate);
    Optional<ShelfVersion> incumbent = shelf.active();
    if (incumbent.filter(active -> active.id().equals(version.id())).isPresent()) {
      return new GateReport(
          Decision.UNCHANGED,
          "%s is the incumbent, by its hash; there is nothing to decide".formatted(version.id()),
          version,
          incumbent,
          version.findings());
    }
    List<Finding> findings = new ArrayList<>();
    try (BundlePolicy policy = load(version, incumbent, findings)) {
      if (policy != null) {
        examine(policy, version, incumbent, logs, trial, findings);
      }
    }
    return decide(version, incumbent, findings);
  }

  /** The policy, or null where the bundle check refuses it. */
  private @Nullable BundlePolicy load(
      ShelfVersion version, Optional<ShelfVersion> incumbent, List<Finding> findings) {
    Optional<ShelfVersion> other = incumbent.filter(now -> !now.task().equals(version.task()));
    if (other.isPresent()) {
      return refused(
          findings,
          "it was made for task '%s', the incumbent for '%s'; give each task a shelf of its own"
              .formatted(version.task(), other.get().task()));
    }
    try {
      BundlePolicy policy =
          BundlePolicy.load(
              shelf.bundle(version),
              robot,
              RobotHashes.none(),
              settings.trust(),
              new ProviderChoice.Cpu());
      Trust trust = settings.trust();
      add(
          findings,
          Finding.of(
              Check.BUNDLE,
              Verdict.PASSED,
              "it is whole, fits robot '%s' and reproduces its probe; %s"
                  .formatted(
                      robot.name(),
                      trust.checked(policy.bundle())
                          ? "it is signed by a trusted key"
                          : trust.keys().isEmpty()
                              ? "no signature was checked, since no key is trusted"
                              : "it is not signed, which was allowed")));
      return policy;
    } catch (ModelsFault fault) {
      return refused(findings, String.valueOf(fault.getMessage()));
    }
  }

  private @Nullable BundlePolicy refused(List<Finding> findings, String why) {
    add(findings, Finding.of(Check.BUNDLE, Verdict.REFUSED, why));
    return null;
  }

  private void examine(
      BundlePolicy policy,
      ShelfVersion version,
      Optional<ShelfVersion> incumbent,
      List<RecordedPlans> logs,
      Optional<HeldOutTrial> trial,
      List<Finding> findings) {
    if (LabelEvidence.speaksAgainst(version.madeBy())) {
      add(
          findings,
          Finding.of(
              Check.LABELS,
              Verdict.REFUSED,
              "the labels that it learned from carry no information about what was recorded (%s); look at them with 'forearm label --check' and learn again"
                  .formatted(version.madeBy().get(LabelEvidence.MADE_BY))));
      return;
    }
    try (BundlePolicy now = incumbent.map(this::loadIncumbent).orElse(null)) {
      fromLogs(policy, Optional.ofNullable(now), logs, findings);
    }
    if (findings.getLast().verdict() == Verdict.REFUSED) {
      return;
    }
    if (incumbent.isEmpty()) {
      add(findings, notChecked(Check.EVALUATION, "there is no incumbent to compare it with"));
    } else if (trial.isEmpty()) {
      add(findings, notChecked(Check.EVALUATION, "there was nothing to play episodes on"));
    } else {
      new Evaluation(settings, trial.get())
          .judge(
              shelf.bundle(version), shelf.bundle(incumbent.get()), found -> add(findings, found));
    }
  }

  private BundlePolicy loadIncumbent(ShelfVersion incumbent) {
    return BundlePolicy.load(shelf.bundle(incumbent), robot);
  }

  private void fromLogs(
      BundlePolicy candidate,
      Optional<BundlePolicy> incumbent,
      List<RecordedPlans> logs,
      List<Finding> findings) {
    PolicySpec spec = candidate.spec();
    List<float[]> seen =
        spec.images().isEmpty() ? LoggedObservations.of(spec, logs, MOST_OBSERVATIONS) : List.of();
    boolean alike =
        incumbent.map(BundlePolicy::spec).filter(other -> !other.equals(spec)).isEmpty();
    if (seen.isEmpty() || !alike) {
      String why =
          !alike
              ? "it observes or acts otherwise than the incumbent"
              : spec.images().isEmpty()
                  ? "there is no logged observation of its width"
                  : "it sees pictures, and logged observations hold none";
      add(findings, notChecked(Check.ACTIONS, why));
      add(findings, notChecked(Check.CONSEQUENCES, why));
      return;
    }
    double[][] of =
        incumbent.map(now -> LoggedObservations.chunks(now, seen)).orElse(new double[0][]);
    Finding actions =
        new ActionBounds(robot, spec).judge(LoggedObservations.chunks(candidate, seen), of);
    add(findings, actions);
    if (actions.verdict() != Verdict.REFUSED) {
      add(
          findings,
          incumbent
              .map(now ->
                  new CounterfactualReplay(robot, settings.seed(), candidate, now).judge(logs))
              .orElseGet(() ->
                  notChecked(Check.CONSEQUENCES, "there is no incumbent to compare it with")));
    }
  }

  private GateReport decide(
      ShelfVersion version, Optional<ShelfVersion> incumbent, List<Finding> findings) {
    Optional<Finding> against =
        findings.stream().filter(found -> found.verdict() == Verdict.REFUSED).findFirst();
    Finding last = findings.getLast();
    Decision decision;
    String reason;
    if (against.isPresent()) {
      decision = Decision.REFUSED;
      reason = against.get().explanation();
      shelf.refuse(version.id(), reason, findings);
    } else if (last.verdict() == Verdict.PASSED || incumbent.isEmpty()) {
      decision = Decision.PROMOTED;
      reason =
          incumbent.isEmpty()
              ? "it is the first on this shelf: how often it succeeds was compared with nothing"
              : last.explanation();
      activate(version, findings);
    } else {
      decision = settings.acceptUnproven() ? Decision.PROMOTED : Decision.UNPROVEN;
      reason =
          "nothing speaks against it, but that it is not worse is unproven: " + last.explanation();
      if (settings.acceptUnproven()) {
        activate(version, findings);
      } else {
        shelf.keep(version.id(), reason, findings);
      }
    }
    return new GateReport(decision, reason, shelf.version(version.id()), incumbent, findings);
  }

  private void activate(ShelfVersion version, List<Finding> findings) {
    settings.signer().ifPresent(key -> key.sign(shelf.bundle(version)));
    shelf.activate(version.id(), findings);
  }

  private static Finding notChecked(Check check, String why) {
    return Finding.of(check, Verdict.NOT_CHECKED, why);
  }

  private void add(List<Finding> findings, Finding found) {
    findings.add(Objects.requireNonNull(found));
    listener.accept(found);
  }
}
