package dev.forearm.ros;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the requests of a service; one that is refused, or a handler's bug, does not silence the
 * other services. Written by the transport's service thread, read by any.
 */
public final class RequestDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(RequestDelivery.class);

  private final String service;
  private volatile long received;
  private volatile long refused;

  public RequestDelivery(String service) {
    this.service = service;
  }

  /**
   * Delivers one request. Called by the service thread only.
   *
   * @param request reads it and calls the handler; a {@link RosFault} refuses it
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void deliver(Runnable request) {
    received++;
    try {
      request.run();
    } catch (RosFault fault) {
      refused++;
      if (Long.bitCount(refused) == 1) {
        LOG.warn("{}: request refused ({} so far): {}", service, refused, fault.getMessage());
      }
    } catch (RuntimeException e) {
      LOG.error("{}: handler failed, request lost", service, e);
    }
  }

  public long received() {
    return received;
  }

  public long refused() {
    return refused;
  }
}
