package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.srv.forearm_msgs.Promote;
import dev.forearm.ros.srv.forearm_msgs.PromoteRequest;
import dev.forearm.ros.srv.forearm_msgs.PromoteResponse;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Another policy for a runtime that runs: real processes, over DDS. */
@Execution(ExecutionMode.CONCURRENT)
final class SwapProcessTest {
  private static final Path LIFT = Path.of("..", "models", "bundles", "lift-sft").toAbsolutePath();

  @TempDir private Path folder;

  private final Map<String, String> domain = Forearm.domain(FreeDomain.take());

  private PolicyShelf shelf;

  @BeforeEach
  void twoVersions() {
    shelf = PolicyShelf.openOrMake(folder.resolve("shelf"));
    shelf.activate(shelf.add(LIFT).id(), List.of());
    Path child = folder.resolve("child");
    try (Bundle bundle = BundleReader.read(LIFT, Trust.anyone())) {
      BundleWriter.write(bundle, Map.of(), child, Map.of("command", "test"));
    }
    ShelfVersion second = shelf.add(child);
    assertEquals("v2", second.id());
  }

  @Test
  void peopleSwapAndRollBackWhileTheArmMovesAndHearOfARefusal() throws Exception {
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--no-cameras", "--seed", "3");
        Forearm run = run()) {
      awaitMotion(run, sim);
      told(0, run, "v2 drives since policy step", "swap", "v2");
      assertEquals("v2", active());
      told(0, run, "v1 drives since policy step", "rollback");
      assertEquals("v1", active());
      Path tidy = LIFT.resolveSibling("tidy-sft");
      told(1, run, "v3 is refused, v1 goes on: observation feature 6", "swap", tidy.toString());
      assertEquals("v1", active());
      run.handle().destroy();
      run.exitCode();
    }
    comesOutAsItWas(episode());
    try (Forearm swap = Forearm.start(folder, domain, "swap", "v2")) {
      assertEquals(1, swap.exitCode());
      assertTrue(swap.output().contains("no robot runs with --policies"), swap::output);
    }
  }

  @Test
  void killedInMidSwapItDrivesWithTheOldPolicyWhenItIsStartedAgain() throws Exception {
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--no-cameras", "--seed", "3")) {
      try (Forearm run = run()) {
        awaitMotion(run, sim);
        shelf.want("v2"); // it looks at the shelf every 20 ms, and loads for longer than that
        run.handle().destroyForcibly();
        run.handle().onExit().join();
      }
      assertEquals("v1", active());
      try (Forearm run = run()) {
        awaitMotion(run, sim);
        assertEquals("v1", active());
        SwapRecord last = shelf.swaps().getLast();
        assertEquals(SwapRecord.Outcome.UNFINISHED, last.outcome(), last::text);
        assertEquals("v2", last.version());
        told(0, run, "v2 drives since policy step", "swap", "v2");
      }
    }
  }

  @Test
  void aCandidateIsJudgedByServiceBesideTheArmThatMoves() throws Exception {
    DdsOptions options =
        DdsOptions.loopback(Integer.parseInt(Objects.requireNonNull(domain.get("ROS_DOMAIN_ID"))));
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--no-cameras", "--seed", "3");
        Forearm run = run("--regrasp");
        RosTransport transport =
            new CycloneTransport(options, new MonotonicClock(), (agent, failure) -> {});
        ServiceClient<PromoteRequest, PromoteResponse> client =
            transport.client("/forearm/promote", Promote.TYPE)) {
      awaitMotion(run, sim);
      run.await("the service", client::available);
      PromoteResponse unknown = ask(client, "nowhere", false);
      assertEquals("failed", unknown.decision());
      assertTrue(unknown.message().contains("bundle 'nowhere': no such folder"), unknown::message);
      PromoteResponse unproven = ask(client, "v2", false);
      assertEquals("unproven", unproven.decision(), unproven::message);
      assertTrue(unproven.message().contains(", --regrasp)"), unproven::message);
      assertFalse(unproven.drives());
      assertEquals("v1", active());
      PromoteResponse promoted = ask(client, "v2", true);
      assertEquals("promoted", promoted.decision(), promoted::message);
      assertTrue(promoted.drives(), promoted::message);
      assertTrue(promoted.message().contains("v2 drives since policy step"), promoted::message);
      assertEquals("v2", active());
    }
  }

  /** Two swaps are in it, and every command is made again, bit for bit. */
  private void comesOutAsItWas(Path episode) throws Exception {
    try (Forearm replay =
        Forearm.start(folder, domain, "replay", episode.toString(), "--policies=shelf")) {
      assertEquals(0, replay.exitCode(), replay::output);
      assertTrue(replay.output().contains("equal"), replay::output);
    }
  }

  private Path episode() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".mcap")).findFirst().orElseThrow();
    }
  }

  private static PromoteResponse ask(
      ServiceClient<PromoteRequest, PromoteResponse> client, String candidate, boolean unproven)
      throws Exception {
    PromoteRequest request = new PromoteRequest(candidate, List.of(), 1, unproven);
    return client.call(request).get(120, TimeUnit.SECONDS);
  }

  private String active() {
    return shelf.active().orElseThrow().id();
  }

  private Forearm run(String... more) {
    String[] first = {"run", "--robot=tabletop", "--policies=shelf", "--probation=0", "--out=."};
    return Forearm.start(
        folder, domain, Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private static void awaitMotion(Forearm run, Forearm sim) throws InterruptedException {
    run.await("a running arm", () -> run.output().contains("RUN: nothing is wrong"));
    assertTrue(sim.handle().isAlive(), sim::output);
  }

  /** Both the command and the runtime say so. */
  private void told(int exitCode, Forearm run, String text, String... command) throws Exception {
    try (Forearm told = Forearm.start(folder, domain, command)) {
      assertEquals(exitCode, told.exitCode(), told::output);
      assertTrue(told.output().contains(text), told::output);
      run.await("the same words", () -> run.output().contains(text));
    }
  }
}
