package dev.forearm.ros.rcl;

import dev.forearm.ros.WaitSet;
import dev.forearm.ros.rcl.ffi.RclContext;
import dev.forearm.ros.rcl.ffi.RclGuardCondition;
import dev.forearm.ros.rcl.ffi.RclWaitable;
import dev.forearm.ros.rcl.ffi.RclWaitset;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits for what a node's subscriptions, services or clients get. What is attached or detached
 * meanwhile takes effect with the next wait, which a guard condition brings on at once.
 */
final class RclWaitSet implements WaitSet<RclSource>, AutoCloseable {
  private final RclWaitset waitset;
  private final RclGuardCondition change;

  private final List<RclSource> attached = new ArrayList<>(); // guarded by itself, as detached
  private final List<RclSource> detached = new ArrayList<>();
  private volatile boolean changed;
  private volatile boolean ended;

  // The receive thread's.
  private RclSource[] waitedFor = {};
  private RclSource[] ready = {};

  RclWaitSet(RclContext context) {
    waitset = context.waitset();
    change = context.guardCondition();
    waitset.waitFor(List.of(change));
  }

  @Override
  public void attach(RclSource source) {
    synchronized (attached) {
      attached.add(source);
      changed = true;
    }
    change.trigger();
  }

  /** Waits for {@code source} no longer, and has the thread that waits finalise it. */
  void detach(RclSource source) {
    synchronized (attached) {
      if (attached.remove(source)) {
        detached.add(source);
        changed = true;
        change.trigger();
      }
    }
  }

  @Override
  public int await() {
    if (changed) {
      follow();
    }
    if (ended) {
      return 0;
    }
    waitset.await();
    int count = 0;
    for (int i = 0; i < waitedFor.length; i++) {
      if (waitset.isReady(i)) {
        ready[count++] = waitedFor[i];
      }
    }
    return count;
  }

  /** Takes over what was attached and detached. */
  private void follow() {
    synchronized (attached) {
      changed = false;
      waitedFor = attached.toArray(RclSource[]::new);
      detached.forEach(each -> each.waitable().close());
      detached.clear();
    }
    List<RclWaitable> waitables = new ArrayList<>();
    for (RclSource each : waitedFor) {
      waitables.add(each.waitable());
    }
    waitables.add(change);
    waitset.waitFor(waitables);
    ready = new RclSource[waitedFor.length];
  }

  @Override
  public void take(int index) {
    ready[index].take();
  }

  @Override
  public void wakeUp() {
    ended = true;
    change.trigger();
  }

  /** Finalises it and its subscriptions; nobody may be waiting. */
  @Override
  public void close() {
    synchronized (attached) {
      detached.addAll(attached);
      attached.clear();
      detached.forEach(each -> each.waitable().close());
      detached.clear();
    }
    waitset.close();
    change.close();
  }
}
