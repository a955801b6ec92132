package dev.forearm.launch.swap;

import dev.forearm.launch.session.Mind;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.AgentRunner;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.agent.PeriodicRunner;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.Scheduling;
import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.Rehearsal;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalSlot;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An arm that is always measured in one place, whatever it is commanded, driven in real time by the
 * product's control, inference and swap threads. For a benchmark; made and closed by its thread.
 */
final class SwappedArm implements AutoCloseable {
  private static final double[] SOMEWHERE = {0.5, 0, 0.02, 1, 0, 0, 0};
  private static final long SWAP_LOOK_NANOS = 20_000_000;
  private static final long START_NANOS = 30_000_000_000L;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final BlockingQueue<SwapRecord> settled = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final ControlLoop control;
  private final PeriodicRunner controlling;
  private final PeriodicRunner planning;
  private final WakefulRunner swapping;
  private final SwapAgent agent;
  private volatile NanosHistogram periods = new NanosHistogram();
  private volatile long swapCpuNanos;

  /**
   * @param first what is active on the shelf; closed with this
   * @param loader loads what takes over
   */
  SwappedArm(Robot robot, PolicyShelf shelf, Mind first, Function<Path, Mind> loader) {
    RobotSignals signals = new RobotSignals(robot);
    Function<Mind, InstalledPolicy> fit = mind -> mind.installed(robot, signals);
    PolicyLoop policy =
        new PolicyLoop(fit.apply(first), robot, RuntimeTap.NONE, new MonotonicClock());
    control =
        new ControlLoop(robot, signals, policy.chunks(), (positions, _) -> {}, RuntimeTap.NONE);
    agent =
        new SwapAgent(
            shelf,
            loader,
            new Loops(policy, control.board(), fit),
            shelf.active().orElseThrow(),
            first,
            0,
            (int) (1_000_000_000L / robot.policyPeriodNanos()),
            new AtomicReference<>(),
            new Settled());
    Rehearsal.of(
        robot,
        first.policy().spec(),
        RuntimeTap.NONE,
        (positions, nanos) -> {},
        () -> {},
        () -> {});
    FailureHandler failed = (name, why) -> failure.set(why);
    control.engage();
    controlling =
        PeriodicRunner.start(
            new Controlling(signals, usual(first)),
            robot.controlPeriodNanos(),
            Scheduling.FIRST,
            failed);
    planning =
        PeriodicRunner.start(
            new Planning(policy), robot.policyPeriodNanos(), Scheduling.ORDINARY, failed);
    swapping = WakefulRunner.start(agent, Rest.forNanos(SWAP_LOOK_NANOS), failed);
  }

  /** A joint state: at rest in the middle of all that a policy of a bundle learned on. */
  private static double[] usual(Mind mind) {
    PolicySpec spec = mind.policy().spec();
    float[] mean = mind.bundle().orElseThrow().statistics().observation().mean();
    int[] places = spec.placesOfSource(new Source.JointPosition());
    double[] state = new double[2 * spec.joints().size()];
    for (int j = 0; j < places.length; j++) {
      state[j] = mean[places[j]];
    }
    return state;
  }

  /** Swaps as they end. */
  BlockingQueue<SwapRecord> settled() {
    return settled;
  }

  /** Waits until the first chunk is followed. */
  void awaitRunning() throws InterruptedException {
    long end = System.nanoTime() + START_NANOS;
    while (control.board().snapshot().state() != SafetyState.RUN && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /**
   * Has the time between the starts of two control cycles recorded there from now on.
   *
   * @throws IllegalStateException if a thread failed before, or the arm does not run
   */
  void measure(NanosHistogram into) {
    periods = into;
    ControlSnapshot now = control.board().snapshot();
    if (now.state() != SafetyState.RUN) {
      throw new IllegalStateException("the measured arm does not run: " + now);
    }
    Throwable why = failure.get();
    if (why != null) {
      throw new IllegalStateException("a thread of the measured arm failed", why);
    }
  }

  /** Processor time that the swap thread had taken when the last swap ended, nanoseconds. */
  long swapCpuNanos() {
    return swapCpuNanos;
  }

  /** Control cycles missed so far. */
  long missed() {
    return controlling.statistics().summary().missed();
  }

  @Override
  public void close() {
    List.<AgentRunner>of(controlling, planning, swapping).forEach(AgentRunner::close);
    agent.close();
  }

  private final class Controlling implements Agent {
    private final SignalSlot joints;
    private final SignalSlot[] objects;
    private final double[] jointState;
    private long lastNanos;

    Controlling(RobotSignals signals, double[] jointState) {
      joints = signals.jointState();
      objects = signals.objects().toArray(SignalSlot[]::new);
      this.jointState = jointState;
    }

    @Override
    public String name() {
      return "bench control";
    }

    @Override
    public int doWork(long now) {
      if (lastNanos != 0) {
        periods.record(now - lastNanos);
      }
      lastNanos = now;
      joints.write(jointState, 0, now, now);
      for (SignalSlot object : objects) {
        object.write(SOMEWHERE, 0, now, now);
      }
      control.tick(now);
      return 1;
    }
  }

  private record Planning(PolicyLoop loop) implements Agent {
    @Override
    public String name() {
      return "bench inference";
    }

    @Override
    public int doWork(long now) {
      loop.step(now);
      return 1;
    }
  }

  private final class Settled implements SwapListener {
    @Override
    public void settled(SwapRecord swap, ShelfVersion driving) {
      swapCpuNanos = THREADS.getCurrentThreadCpuTime();
      settled.add(swap);
    }

    @Override
    public void trouble(String what) {
      failure.set(new IllegalStateException(what));
    }
  }
}
