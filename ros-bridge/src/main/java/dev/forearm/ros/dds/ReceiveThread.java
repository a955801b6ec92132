package dev.forearm.ros.dds;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.DdsWaitset;
import dev.forearm.runtime.clock.Clock;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a transport that waits for messages and calls handlers. */
final class ReceiveThread {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiveThread.class);

  private final DdsWaitset waitset;
  private final Clock clock;
  private final List<CycloneSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::run, "ros-receive");
  private volatile boolean stopping;

  ReceiveThread(DdsParticipant participant, Clock clock) {
    this.waitset = new DdsWaitset(participant);
    this.clock = clock;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Called by the thread that sets up; the index in the list is the waitset's token. */
  void add(CycloneSubscription subscription) {
    subscriptions.add(subscription);
    waitset.attach(subscription.reader(), subscriptions.size() - 1);
  }

  private void run() {
    try {
      while (!stopping) {
        receive();
      }
    } catch (RosFault e) {
      if (!stopping) {
        LOG.error("receiving ended, no topic of this transport is heard any more", e);
      }
    }
  }

  private void receive() {
    int ready = waitset.await();
    for (int i = 0; i < ready && !stopping; i++) {
      int token = waitset.token(i);
      if (token >= 0) {
        CycloneSubscription subscription = subscriptions.get(token);
        subscription.reader().take(cdr -> deliver(subscription, cdr));
      }
    }
  }

  /** A handler's bug must not silence the other topics. */
  private void deliver(CycloneSubscription subscription, MemorySegment cdr) {
    try {
      subscription.delivery().deliver(cdr, clock.nanos());
    } catch (RuntimeException e) {
      LOG.error("{}: handler failed, message lost", subscription.topic(), e);
    }
  }

  /** Returns once no handler runs any more. */
  void stop() {
    stopping = true;
    waitset.wakeUp();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
