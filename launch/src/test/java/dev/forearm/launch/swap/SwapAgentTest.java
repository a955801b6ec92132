package dev.forearm.launch.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.replay.ReplayCommand;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.models.shelf.SwapRecord.Outcome;
import dev.forearm.models.shelf.VersionState;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.PolicyState;
import dev.forearm.runtime.safety.SafetyState;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class SwapAgentTest {
  @TempDir private Path folder;

  @Test
  void whatIsWantedOnTheShelfDrivesInMidMotionAndEveryChunkNamesItsBundle() throws Exception {
    Path file;
    ShelfVersion next;
    try (SwapRig rig = new SwapRig(folder)) {
      next = rig.scaled(folder, Half.ACTOR, 1);
      String first = rig.driving();
      rig.session.begin(new EpisodeInfo("swap", "lift", 3, "tabletop", "lift", first, Map.of()));
      rig.engage();
      rig.runFor(1);
      rig.shelf.want(next.id());
      rig.runFor(1);
      assertEquals(next.sha256(), rig.driving());
      assertEquals(next.id(), rig.active());
      assertEquals(Outcome.ACTIVE, only(rig.settled).outcome());
      assertEquals(rig.settled, rig.shelf.swaps());
      assertEquals(List.of(SafetyState.HOLD, SafetyState.RUN), rig.states, "it ran all the while");
      long step = only(rig.settled).policyStep();
      EpisodeOutcome outcome = EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "");
      file = rig.session.end(outcome).orElseThrow().file();
      List<String> drivers =
          recorded(
              file,
              "/forearm/driver",
              cdr -> dev.forearm.ros.msg.std_msgs.String.decode(cdr).data());
      assertEquals(
          List.of("policy " + first, "policy " + next.sha256()),
          drivers.stream().distinct().toList());
      int stepsBefore = 10; // half a second of them before the recording
      assertEquals(step - 1 - stepsBefore, drivers.indexOf("policy " + next.sha256()));
    }
    List<String> told =
        recorded(file, "/forearm/policy", cdr -> DiagnosticStatus.decode(cdr).message());
    assertEquals(2, told.size(), told::toString);
    assertEquals("v1 drives", told.getFirst());
    assertTrue(told.getLast().startsWith("v2 drives since policy step "), told::toString);
  }

  @Test
  void anEpisodeWithASwapAndARollbackComesOutAsItWasWhereItsBundlesAre() throws Exception {
    Path file;
    try (SwapRig rig = new SwapRig(folder)) {
      ShelfVersion other = rig.scaled(folder, Half.ACTOR, 1.01f);
      rig.session.begin(
          new EpisodeInfo("swap", "lift", 3, "tabletop", "lift-sft", rig.driving(), Map.of()));
      rig.session.policyLoop().requestReset();
      rig.engage();
      rig.runFor(0.5);
      rig.shelf.want(other.id());
      rig.runFor(0.5);
      assertEquals("v1", rig.shelf.rollback().id());
      rig.runFor(0.5);
      assertEquals(List.of("v2", "v1"), rig.settled.stream().map(SwapRecord::version).toList());
      EpisodeOutcome outcome = EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "");
      file = rig.session.end(outcome).orElseThrow().file();
    }
    String equal = replayed(0, file, "--policies", folder.resolve("shelf").toString());
    assertTrue(equal.contains("\"equal\": true"), equal);
    String differs = replayed(1, file, "--bundle", SwapRig.LIFT.toString());
    assertTrue(differs.contains("\"differs_in\": \"policy\""), differs);
  }

  /** What the command reports. */
  private String replayed(int exitCode, Path file, String... options) throws Exception {
    Path report = folder.resolve("replay.json");
    List<String> command = new ArrayList<>(List.of(file.toString(), "--json", report.toString()));
    command.addAll(List.of(options));
    int found = new CommandLine(new ReplayCommand()).execute(command.toArray(String[]::new));
    String text = Files.readString(report);
    assertEquals(exitCode, found, text);
    return text;
  }

  private static List<String> recorded(
      Path file, String topic, Function<MemorySegment, String> decoder) throws Exception {
    List<String> found = new ArrayList<>();
    try (McapReader episode = McapReader.open(file)) {
      episode.read(
          Set.of(topic),
          (channel, sequence, logNanos, publishNanos, payload) -> {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            found.add(decoder.apply(MemorySegment.ofArray(bytes)));
          });
    }
    return found;
  }

  @Test
  void aTopicNamesABundleThatComesToTheShelfAndDrives() {
    try (SwapRig rig = new SwapRig(folder)) {
      Path other = rig.shelf.bundle(rig.scaled(folder, Half.ACTOR, 1));
      List<String> told = new ArrayList<>();
      rig.transport.subscribe(
          SwapTopics.POLICY,
          DiagnosticStatus.TYPE,
          Qos.LATCHED,
          (cdr, _) -> told.add(DiagnosticStatus.decode(cdr).message()));
      rig.engage();
      rig.runFor(0.3);
      ask(rig, other.toString());
      rig.runFor(0.5);
      assertEquals("v2", rig.active());
      ask(rig, "no-such-bundle");
      rig.runFor(0.5);
      assertEquals("v2", rig.active());
      assertTrue(rig.troubles.toString().contains("no-such-bundle"), rig.troubles::toString);
      assertEquals("v1 drives", told.getFirst());
      assertTrue(told.get(1).startsWith("v2 drives since policy step "), told::toString);
      assertEquals(rig.troubles, told.subList(2, 3));
    }
  }

  private static void ask(SwapRig rig, String bundle) {
    CdrWriter writer = new CdrWriter(256);
    new dev.forearm.ros.msg.std_msgs.String(bundle).encode(writer);
    try (Publication wish =
        rig.transport.advertise(
            SwapTopics.SWAP, dev.forearm.ros.msg.std_msgs.String.TYPE, Qos.DEFAULT)) {
      wish.publish(writer);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "tidy-sft; observation feature 6: found 'blue_cube' from object_position:blue_cube",
        "lift-pixels; observation feature 4: found 'scene_camera' from {image: /scene_camera/image_raw"
      })
  void whatObservesOtherwiseIsRefusedByTheFeatureAndTheOldOneGoesOn(String other, String field) {
    try (SwapRig rig = new SwapRig(folder)) {
      String first = rig.driving();
      ShelfVersion misfit = rig.shelf.add(SwapRig.LIFT.resolveSibling(other));
      rig.engage();
      rig.runFor(0.5);
      rig.shelf.activate(misfit.id(), List.of()); // as another program does that knows no better
      rig.runFor(0.5);
      assertEquals(first, rig.driving());
      assertEquals("v1", rig.active(), "what drives is active");
      SwapRecord refused = only(rig.settled);
      assertEquals(Outcome.REFUSED, refused.outcome());
      assertTrue(refused.reason().startsWith(field), refused::reason);
      assertEquals(new VersionState.Refused(refused.reason()), rig.shelf.version("v2").state());
      assertEquals(List.of(SafetyState.HOLD, SafetyState.RUN), rig.states);
    }
  }

  @Test
  void aDamagedBundleIsRefusedByItsFile() throws Exception {
    try (SwapRig rig = new SwapRig(folder)) {
      ShelfVersion damaged = rig.scaled(folder, Half.ACTOR, 1);
      Path weights = rig.shelf.bundle(damaged).resolve("weights.safetensors");
      byte[] bytes = Files.readAllBytes(weights);
      bytes[bytes.length - 1] ^= 1;
      Files.write(weights, bytes);
      rig.engage();
      rig.shelf.want(damaged.id());
      rig.runFor(0.5);
      String reason = only(rig.settled).reason();
      assertTrue(reason.contains("weights.safetensors: found SHA-256"), reason);
      assertEquals("v1", rig.active());
    }
  }

  @Test
  void aPolicyWhosePlansAreRefusedIsTakenBack() {
    try (SwapRig rig = new SwapRig(folder)) {
      takenBack(rig, rig.scaled(folder, Half.ACTOR, 50), "refused plans and holds in ");
    }
  }

  @Test
  void aPolicyThatImaginesWhatDoesNotHappenIsTakenBack() {
    try (SwapRig rig =
        new SwapRig(
            folder,
            bundle ->
                altered(
                    bundle,
                    (_, plan) -> {
                      for (int i = 0; i < plan.imagined().length; i++) {
                        plan.imagined()[i] += 0.3f;
                      }
                    }))) {
      takenBack(rig, rig.scaled(folder, Half.ACTOR, 1), "foresight error ");
    }
  }

  @Test
  void aPolicyThatTheSafetyFilterHasToHoldBackIsTakenBack() {
    try (SwapRig rig =
        new SwapRig(
            folder,
            bundle ->
                altered(
                    bundle,
                    (count, plan) -> {
                      for (int i = 0; i < plan.actions().length; i += 8) { // the first joint's
                        plan.actions()[i] += count % 2 == 0 ? 0.2 : -0.2;
                      }
                    }))) {
      takenBack(rig, rig.scaled(folder, Half.ACTOR, 1), "the safety filter edited ");
    }
  }

  @Test
  void whatAPersonRolledBackToStaysHoweverItDoes() {
    BiConsumer<Integer, Plan> lie = (_, plan) -> Arrays.fill(plan.imagined(), 9);
    try (SwapRig rig =
        new SwapRig(
            folder,
            bundle -> {
              Mind mind = Mind.of(bundle, SwapRig.ROBOT);
              return bundle.endsWith("v1") ? with(mind, new Altered(mind.policy(), lie)) : mind;
            })) {
      ShelfVersion better = rig.scaled(folder, Half.ACTOR, 1);
      rig.shelf.want(better.id());
      rig.engage();
      rig.runFor(1.2);
      assertEquals("v2", rig.active());
      assertEquals("v1", rig.shelf.rollback().id());
      rig.runFor(2);
      assertEquals("v1", rig.active());
      assertEquals(2, rig.settled.size(), rig.settled::toString);
    }
  }

  private static void takenBack(SwapRig rig, ShelfVersion worse, String reason) {
    String first = rig.driving();
    rig.engage();
    rig.runFor(1.2);
    rig.shelf.want(worse.id());
    rig.runFor(2.2);
    assertEquals(
        List.of(Outcome.ACTIVE, Outcome.ROLLED_BACK),
        rig.settled.stream().map(SwapRecord::outcome).toList());
    SwapRecord back = rig.settled.getLast();
    assertTrue(back.reason().contains(reason), back::text);
    assertEquals(first, rig.driving());
    assertEquals("v1", rig.active());
    assertEquals(new VersionState.Refused(back.reason()), rig.shelf.version("v2").state());
    assertEquals(SafetyState.RUN, rig.states.getLast());
  }

  /** A mind of a bundle; of any but the first version, each plan is changed. */
  private static Mind altered(Path bundle, BiConsumer<Integer, Plan> change) {
    Mind mind = Mind.of(bundle, SwapRig.ROBOT);
    return bundle.endsWith("v1") ? mind : with(mind, new Altered(mind.policy(), change));
  }

  private static Mind with(Mind mind, Policy policy) {
    return new Mind(policy, mind.imaginedScale(), mind.name(), mind.task(), mind.sha256());
  }

  @Test
  void anEqualPolicyPassesItsProbation() {
    try (SwapRig rig = new SwapRig(folder)) {
      ShelfVersion equal = rig.scaled(folder, Half.ACTOR, 1);
      rig.engage();
      rig.runFor(1.2);
      rig.shelf.want(equal.id());
      rig.runFor(2.3);
      assertEquals(Outcome.ACTIVE, only(rig.settled).outcome());
    }
  }

  @Test
  void rollbackReturnsToThePolicyThatIsStillLoadedOrLoadsItAgain() {
    try (SwapRig rig = new SwapRig(folder)) {
      String first = rig.driving();
      ShelfVersion equal = rig.scaled(folder, Half.ACTOR, 1);
      rig.engage();
      for (double seconds : List.of(0.3, 5.0)) { // within its probation, and after
        rig.shelf.want(equal.id());
        rig.runFor(seconds);
        assertEquals(equal.sha256(), rig.driving());
        assertEquals("v1", rig.shelf.rollback().id());
        rig.runFor(0.3);
        assertEquals(first, rig.driving());
        assertEquals("v1", rig.active());
      }
      assertEquals(
          List.of("v2", "v1", "v2", "v1"), rig.settled.stream().map(SwapRecord::version).toList());
    }
  }

  @Test
  void whateverIsReplacedIsClosedOnceAndNeverCalledAgain() {
    Set<Counted> open = new HashSet<>();
    try (SwapRig rig =
        new SwapRig(
            folder,
            bundle -> {
              Mind mind = Mind.of(bundle, SwapRig.ROBOT);
              return with(mind, new Counted(mind.policy(), open));
            })) {
      ShelfVersion equal = rig.scaled(folder, Half.ACTOR, 1);
      rig.engage();
      for (int swap = 0; swap < 30; swap++) {
        rig.shelf.want(swap % 2 == 0 ? equal.id() : "v1");
        rig.runFor(0.2);
        assertEquals(swap + 1, rig.settled.size());
        assertTrue(open.size() <= 2, "the one that drives, and the one on hand for its probation");
      }
      rig.runFor(5);
      assertEquals(1, open.size(), "its probation is over");
      assertEquals(List.of(SafetyState.HOLD, SafetyState.RUN), rig.states);
    }
    assertEquals(Set.of(), open);
  }

  private static <T> T only(List<T> all) {
    assertEquals(1, all.size(), all::toString);
    return all.getFirst();
  }

  private abstract static class Around implements Policy {
    final Policy inner;

    Around(Policy inner) {
      this.inner = inner;
    }

    @Override
    public PolicySpec spec() {
      return inner.spec();
    }

    @Override
    public void reset() {
      inner.reset();
    }

    @Override
    public PolicyState freeze() {
      return inner.freeze();
    }

    @Override
    public void plan(Observation observation, Plan plan) {
      inner.plan(observation, plan);
    }

    @Override
    public void confine(double[] actions) {
      inner.confine(actions);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  /** Its plans are changed, told how many came before. */
  private static final class Altered extends Around {
    private final BiConsumer<Integer, Plan> change;
    private int plans;

    Altered(Policy inner, BiConsumer<Integer, Plan> change) {
      super(inner);
      this.change = change;
    }

    @Override
    public void plan(Observation observation, Plan plan) {
      super.plan(observation, plan);
      change.accept(plans++, plan);
    }
  }

  /** Keeps itself among the open ones until it is closed; must not be called after that. */
  private static final class Counted extends Around {
    private final Set<Counted> open;

    Counted(Policy inner, Set<Counted> open) {
      super(inner);
      this.open = open;
      open.add(this);
    }

    @Override
    public void reset() {
      assertTrue(open.contains(this));
      super.reset();
    }

    @Override
    public void plan(Observation observation, Plan plan) {
      assertTrue(open.contains(this));
      super.plan(observation, plan);
    }

    @Override
    public void close() {
      assertTrue(open.remove(this), "closed twice");
      super.close();
    }
  }
}
