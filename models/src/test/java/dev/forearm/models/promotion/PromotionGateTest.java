package dev.forearm.models.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.Refusal;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.SigningKey;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.learn.LabelEvidence;
import dev.forearm.models.promotion.GateReport.Decision;
import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.Finding.Check;
import dev.forearm.models.shelf.Finding.Verdict;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.VersionState;
import dev.forearm.runtime.episode.RecordedPlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromotionGateTest {
  private static final GateSettings SETTINGS = GateSettings.standard();
  private static final SplittableRandom NOISE = new SplittableRandom(6);

  @TempDir private Path folder;
  private PolicyShelf shelf;
  private Path incumbent;

  /** Ends by the start and the version: the incumbent, v1, succeeds on six of ten starts. */
  private record Scripted(double candidateRate, double flipRate) implements HeldOutTrial {
    @Override
    public Play open(Path bundle) {
      boolean isIncumbent = bundle.endsWith("v1");
      SplittableRandom starts = new SplittableRandom(9);
      SplittableRandom noise = new SplittableRandom(NOISE.nextLong());
      return new Play() {
        @Override
        public boolean next() {
          boolean success = starts.nextDouble() < (isIncumbent ? 0.6 : candidateRate);
          return success ^ (noise.nextDouble() < flipRate);
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public String description() {
      return "scripted";
    }
  }

  @BeforeEach
  void promoteTheFirst() throws IOException {
    shelf = PolicyShelf.openOrMake(folder.resolve("shelf"));
    incumbent = SmallBundle.named(folder, "incumbent");
    GateReport report = judge(incumbent, SETTINGS, List.of(), Optional.empty());
    assertEquals(Decision.PROMOTED, report.decision(), report::reason);
    assertTrue(report.reason().contains("compared with nothing"), report::reason);
  }

  private GateReport judge(
      Path candidate,
      GateSettings settings,
      List<RecordedPlans> logs,
      Optional<HeldOutTrial> trial) {
    List<Finding> told = new ArrayList<>();
    GateReport report =
        new PromotionGate(shelf, SmallBundle.robot(), settings, told::add)
            .judge(candidate, logs, trial);
    if (report.decision() != Decision.UNCHANGED) {
      assertEquals(report.findings(), told);
      assertEquals(told, shelf.version(report.candidate().id()).findings());
    }
    return report;
  }

  private GateReport play(double candidateRate, double flipRate) throws IOException {
    return judge(
        SmallBundle.named(folder, "candidate"),
        SETTINGS,
        List.of(),
        Optional.of(new Scripted(candidateRate, flipRate)));
  }

  private static Finding found(GateReport report, Check check) {
    return report.findings().stream()
        .filter(finding -> finding.check() == check)
        .findFirst()
        .orElseThrow();
  }

  private String active() {
    return shelf.active().map(ShelfVersion::id).orElse("none");
  }

  @Test
  void theIncumbentItselfIsLeftAsItIs() {
    GateReport report = judge(incumbent, SETTINGS, List.of(), Optional.of(new Scripted(1, 0)));
    assertEquals(Decision.UNCHANGED, report.decision());
    assertEquals(1, shelf.versions().size());
  }

  @Test
  void aBetterCandidateDrives() throws IOException {
    GateReport report = play(0.8, 0);
    assertEquals(Decision.PROMOTED, report.decision(), report::reason);
    assertEquals("v2", active());
    assertEquals(new VersionState.Retired(), shelf.version("v1").state());
    assertEquals("v1", shelf.rollback().id());
  }

  @Test
  void anEquallyGoodCandidateDrivesOnceALossByTheMarginIsRuledOut() throws IOException {
    GateReport report = play(0.6, 0);
    assertEquals(Decision.PROMOTED, report.decision(), report::reason);
    assertTrue(found(report, Check.EVALUATION).numbers().getOrDefault("starts", 0.0) > 60);
  }

  @Test
  void aWorseCandidateIsRefusedKeptAndExplained() throws IOException {
    GateReport report = play(0.3, 0);
    assertEquals(Decision.REFUSED, report.decision(), report::reason);
    assertEquals("v1", active());
    assertTrue(
        shelf.version("v2").state() instanceof VersionState.Refused(String reason)
            && reason.startsWith("it is worse: it succeeded on"),
        report::reason);
  }

  @Test
  void whereTheIncumbentDoesNotRepeatItselfNothingIsProven() throws IOException {
    GateReport report = play(0.8, 0.5);
    assertEquals(Decision.UNPROVEN, report.decision(), report::reason);
    assertEquals(Verdict.CANNOT_TELL, found(report, Check.REPEATABILITY).verdict());
    assertEquals("v1", active());
  }

  @Test
  void withoutATrialItWaitsUnlessUnprovenOnesAreAccepted() throws IOException {
    Path candidate = SmallBundle.named(folder, "candidate");
    List<RecordedPlans> logs = SmallLogs.episodes(3, 1);
    GateReport waits = judge(candidate, SETTINGS, logs, Optional.empty());
    assertEquals(Decision.UNPROVEN, waits.decision(), waits::reason);
    assertEquals(Verdict.PASSED, found(waits, Check.ACTIONS).verdict());
    assertEquals(Verdict.CANNOT_TELL, found(waits, Check.CONSEQUENCES).verdict());
    assertEquals("v1", active());
    GateReport drives = judge(candidate, SETTINGS.acceptingUnproven(true), logs, Optional.empty());
    assertEquals(Decision.PROMOTED, drives.decision(), drives::reason);
    assertEquals("v2", active());
  }

  @Test
  void wildActionsAreRefusedByJointBeforeAnythingIsPlayed() {
    Path wild =
        SmallLogs.changed(
            incumbent, folder.resolve("wild"), "actor.direct.bias", SmallLogs.shoulder(40));
    GateReport report =
        judge(
            wild,
            SETTINGS.acceptingUnproven(true),
            SmallLogs.episodes(3, 1),
            Optional.of(new Scripted(1, 0)));
    assertEquals(Decision.REFUSED, report.decision(), report::reason);
    assertEquals(Check.ACTIONS, report.findings().getLast().check());
    assertTrue(report.reason().startsWith("joint 'shoulder': "), report::reason);
  }

  private Path pem(String half, Key key) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(key.getEncoded());
    return Files.writeString(
        folder.resolve(half + ".pem"),
        "-----BEGIN %1$s KEY-----\n%2$s\n-----END %1$s KEY-----\n".formatted(half, body));
  }

  @Test
  void whatIsLetThroughIsSignedForRobotsThatWantSignatures() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    GateSettings signing = SETTINGS.signedBy(SigningKey.of(pem("PRIVATE", pair.getPrivate())));
    Trust strict = Trust.of(List.of(pem("PUBLIC", pair.getPublic())), true);
    Path candidate = SmallBundle.named(folder, "candidate");

    GateReport refused =
        judge(candidate, signing.trusting(strict), List.of(), Optional.of(new Scripted(0.8, 0)));
    assertEquals(Decision.REFUSED, refused.decision());
    assertThrows(
        ModelsFault.class, () -> BundleReader.read(shelf.bundle(refused.candidate()), strict));

    GateReport promoted =
        judge(
            SmallBundle.named(folder, "other"),
            signing,
            List.of(),
            Optional.of(new Scripted(0.8, 0)));
    assertEquals(Decision.PROMOTED, promoted.decision(), promoted::reason);
    try (Bundle read = BundleReader.read(shelf.bundle(promoted.candidate()), strict)) {
      assertEquals(promoted.candidate().sha256(), read.sha256());
    }
  }

  @Test
  void aSigningKeyOfAnotherKindIsRefused() throws Exception {
    Path key = pem("PRIVATE", KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate());
    ModelsFault fault = assertThrows(ModelsFault.class, () -> SigningKey.of(key));
    assertTrue(fault.toString().contains("openssl genpkey"), fault::toString);
  }

  @Test
  void aKeyThatIsTrustedHasToHaveSigned() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path key = pem("PUBLIC", pair.getPublic());
    GateSettings strict = SETTINGS.trusting(Trust.of(List.of(key), true));
    Optional<HeldOutTrial> trial = Optional.of(new Scripted(0.8, 0));
    Path candidate = SmallBundle.named(folder, "candidate");
    GateReport unsigned = judge(candidate, strict, List.of(), trial);
    assertEquals(Decision.REFUSED, unsigned.decision());
    assertTrue(unsigned.reason().contains("found no file signature"), unsigned::reason);

    Path other = SmallBundle.named(folder, "other");
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(Files.readAllBytes(other.resolve("SHA256SUMS")));
    Files.write(other.resolve("signature"), signer.sign());
    GateReport signed = judge(other, strict, List.of(), trial);
    assertEquals(Decision.PROMOTED, signed.decision(), signed::reason);
    assertTrue(found(signed, Check.BUNDLE).explanation().endsWith("it is signed by a trusted key"));
  }

  @Test
  void aCandidateForAnotherTaskIsRefused() throws IOException {
    Path candidate = SmallBundle.named(folder, "candidate");
    SmallBundle.edit(candidate, "bundle.yaml", "task: none", "task: other");
    GateReport report = judge(candidate, SETTINGS, List.of(), Optional.empty());
    assertEquals(Decision.REFUSED, report.decision());
    assertTrue(report.reason().contains("made for task 'other'"), report::reason);
  }

  @Test
  void aDamagedCandidateDoesNotComeOntoTheShelf() throws IOException {
    Path candidate = SmallBundle.named(folder, "candidate");
    Files.write(candidate.resolve("weights.safetensors"), new byte[100]);
    String message = Refusal.of(() -> judge(candidate, SETTINGS, List.of(), Optional.empty()));
    assertTrue(message.contains("weights.safetensors"), message);
    assertEquals(1, shelf.versions().size());
  }

  @Test
  void whatLearnedFromLabelsThatSayNothingIsRefusedUnplayed() throws IOException {
    Path parent = SmallBundle.named(folder, "parent");
    for (LabelEvidence.Verdict verdict : LabelEvidence.Verdict.values()) {
      Path candidate = folder.resolve("from-" + verdict);
      LabelEvidence labels = new LabelEvidence(verdict, 90, "p = 0.4");
      try (Bundle read = BundleReader.read(parent, Trust.anyone())) {
        BundleWriter.write(read, Map.of(), candidate, labels.madeBy());
      }
      GateReport report = judge(candidate, SETTINGS, List.of(), Optional.of(new Scripted(0.9, 0)));
      boolean refused = verdict == LabelEvidence.Verdict.NO_INFORMATION;
      assertEquals(
          refused ? Decision.REFUSED : Decision.PROMOTED, report.decision(), report::reason);
      assertEquals(
          refused, report.findings().stream().anyMatch(finding -> finding.check() == Check.LABELS));
      if (refused) {
        assertTrue(report.reason().contains("forearm label --check"), report::reason);
      }
    }
  }
}
