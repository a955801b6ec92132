package dev.forearm.ros.dds;

import dev.forearm.ros.WaitSet;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.DdsWaitset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Waits for the readers of one participant. */
final class CycloneWaitSet implements WaitSet<CycloneSource> {
  private final DdsWaitset waitset;
  private final List<CycloneSource> sources = new CopyOnWriteArrayList<>();

  CycloneWaitSet(DdsParticipant participant) {
    waitset = new DdsWaitset(participant);
  }

  /** The place in the list is the waitset's token. */
  @Override
  public void attach(CycloneSource source) {
    sources.add(source);
    waitset.attach(source.reader(), sources.size() - 1);
  }

  @Override
  public int await() {
    return waitset.await();
  }

  @Override
  public void take(int ready) {
    int token = waitset.token(ready);
    if (token >= 0) { // or it was woken
      sources.get(token).take();
    }
  }

  @Override
  public void wakeUp() {
    waitset.wakeUp();
  }
}
