package dev.forearm.launch.session;

import dev.forearm.runtime.agent.FailureHandler;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of every agent of one program that ends too early, the transport's included: logs it, keeps
 * the first, and tells whoever drives the arm. Any thread.
 */
public final class AgentFailures implements FailureHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AgentFailures.class);

  private final AtomicReference<@Nullable AgentFailure> first = new AtomicReference<>();
  private volatile FailureHandler next = (agent, failure) -> {};

  /** The first failure, if there was one. */
  public Optional<AgentFailure> first() {
    return Optional.ofNullable(first.get());
  }

  /** Names who is told, of what failed before as well. */
  void tell(FailureHandler driver) {
    next = driver;
    first().ifPresent(failure -> driver.failed(failure.agent(), failure.cause()));
  }

  @Override
  public void failed(String agent, Throwable cause) {
    keep(agent, cause);
    next.failed(agent, cause);
  }

  /** Logs and keeps what its driver knows already. */
  void keep(String agent, Throwable cause) {
    LOG.error("{} failed", agent, cause);
    first.compareAndSet(null, new AgentFailure(agent, cause));
  }
}
