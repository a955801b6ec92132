package dev.forearm.launch.swap;

import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.WakefulRunner;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The swaps of one session, on a thread of their own. Their failure is logged and stops no arm.
 * Closed after the session's drive, since it closes the policies.
 */
public final class Swaps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Swaps.class);
  private static final long LOOK_NANOS = 20_000_000;

  private final SwapTopics topics;
  private final SwapAgent agent;
  private final WakefulRunner runner;

  Swaps(
      Policies policies,
      RobotSession session,
      RosTransport transport,
      Mind mind,
      Consumer<String> say) {
    AtomicReference<@Nullable String> asked = new AtomicReference<>();
    topics =
        new SwapTopics(
            transport, session.bridge(), session.robot().name(), policies.active(), asked::set);
    double stepsPerSecond = 1e9 / session.robot().policyPeriodNanos();
    agent =
        new SwapAgent(
            policies.shelf(),
            policies.loader(),
            Loops.of(session),
            policies.active(),
            mind,
            (int) Math.ceil(policies.probationSeconds() * stepsPerSecond),
            (int) Math.ceil(stepsPerSecond),
            asked,
            heard(say));
    runner =
        WakefulRunner.start(
            agent,
            Rest.forNanos(LOOK_NANOS),
            (name, failure) -> LOG.error("{} failed; policies are swapped no more", name, failure));
  }

  /** What drives. Any thread. */
  public Mind driving() {
    return agent.driving();
  }

  private SwapListener heard(Consumer<String> say) {
    return new SwapListener() {
      @Override
      public void settled(SwapRecord swap, ShelfVersion driving) {
        say.accept(swap.text());
        topics.settled(swap, driving);
      }

      @Override
      public void trouble(String what) {
        LOG.warn("{}", what);
        topics.trouble(what);
      }
    };
  }

  @Override
  public void close() {
    runner.close();
    topics.close();
    agent.close();
  }
}
