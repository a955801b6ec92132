package dev.forearm.launch.swap;

import dev.forearm.launch.House;
import dev.forearm.launch.session.LockstepDrive;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.launch.session.SimulatedTask;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.node.SimulatedRobot;
import dev.forearm.sim.scene.Tabletop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A simulated arm that a shelf's policy drives, in lockstep with the swap agent. */
final class SwapRig implements AutoCloseable {
  static final Robot ROBOT = House.robot("tabletop");
  static final Path LIFT = Path.of("..", "models", "bundles", "lift-sft");
  private static final long TURN_NANOS = 20_000_000;
  private static final int PROBATION_STEPS = 40;

  final PolicyShelf shelf;
  final List<SwapRecord> settled = new ArrayList<>();
  final List<String> troubles = new ArrayList<>();
  final List<SafetyState> states = new ArrayList<>();
  final InProcessTransport transport;
  final RobotSession session;

  private final SimulatedClock clock = new SimulatedClock();
  private final SimulatedRobot simulator;
  private final SimulatedTask simulated;
  private final LockstepDrive drive;
  private final SwapTopics topics;
  private final SwapAgent agent;

  /**
   * @param folder gets a shelf whose first version, lift-sft, drives, and the recording
   */
  SwapRig(Path folder, Function<Path, Mind> loader) {
    shelf = PolicyShelf.openOrMake(folder.resolve("shelf"));
    shelf.activate(shelf.add(LIFT).id(), List.of());
    Mind first = loader.apply(shelf.activeBundle());
    transport = new InProcessTransport(clock);
    simulator = new SimulatedRobot(transport, SimSettings.of(House.gap("none")));
    simulated = new SimulatedTask(transport);
    RuntimeTap noting =
        new RuntimeTap() {
          @Override
          public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
            states.add(state);
          }
        };
    session =
        new RobotSession(
            ROBOT,
            first,
            transport,
            clock,
            Optional.of(RecorderSettings.lockstep(folder)),
            noting,
            RuntimeTap.NONE);
    ShelfVersion active = shelf.active().orElseThrow();
    AtomicReference<@Nullable String> asked = new AtomicReference<>();
    topics = new SwapTopics(transport, session.bridge(), ROBOT.name(), active, asked::set);
    agent =
        new SwapAgent(
            shelf,
            loader,
            Loops.of(session),
            active,
            first,
            PROBATION_STEPS,
            20,
            asked,
            new SwapListener() {
              @Override
              public void settled(SwapRecord swap, ShelfVersion driving) {
                settled.add(swap);
                topics.settled(swap, driving);
              }

              @Override
              public void trouble(String what) {
                troubles.add(what);
                topics.trouble(what);
              }
            });
    drive = new LockstepDrive(session, clock, simulator, Tabletop.STEP_NANOS, () -> 0);
    simulated.reset("lift", 3);
    runFor(0.5);
  }

  SwapRig(Path folder) {
    this(folder, bundle -> Mind.of(bundle, ROBOT));
  }

  /** Drives the arm from now on. */
  void engage() {
    session.control().engage();
  }

  void runFor(double seconds) {
    boolean _ =
        drive.runUntil(
            () -> {
              if (clock.nanos() % TURN_NANOS == 0) {
                int _ = agent.doWork(clock.nanos());
              }
              return false;
            },
            Math.round(seconds * 1e9));
  }

  String driving() {
    return session.policyLoop().active().sha256();
  }

  String active() {
    return shelf.active().orElseThrow().id();
  }

  /** Another version, whose weights of one half are another's times {@code factor}. */
  ShelfVersion scaled(Path folder, Bundle.Half half, float factor) {
    Path child = folder.resolve("%s-%s".formatted(half, factor));
    try (Bundle bundle = BundleReader.read(LIFT, Trust.anyone())) {
      Map<String, HostTensor> weights = new LinkedHashMap<>();
      bundle
          .checkpoint()
          .forEach((name, value) -> {
            if (bundle.weightsOf(half).contains(name)) {
              float[] numbers = value.floats();
              for (int i = 0; i < numbers.length; i++) {
                numbers[i] *= factor;
              }
              weights.put(name, HostTensor.ofFloats(value.dims(), numbers));
            }
          });
      BundleWriter.write(bundle, weights, child, Map.of("command", child.toString()));
    }
    return shelf.add(child);
  }

  @Override
  public void close() {
    drive.close();
    topics.close();
    agent.close();
    session.close();
    simulated.close();
    simulator.close();
    transport.close();
  }
}
