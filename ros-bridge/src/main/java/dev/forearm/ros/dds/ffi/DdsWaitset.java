package dev.forearm.ros.dds.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/** Waits for any of several readers. One thread waits; any thread attaches or wakes it. */
public final class DdsWaitset {
  /** Whose arrivals can be waited for. */
  public interface Attachable {
    /** The library's handle of a reader. */
    int entity();
  }

  private static final int ANY_STATE = 127;
  private static final int MOST = 64;
  private static final long WAKE = -1;

  private final int entity;
  private final int wakeUp;
  private final MemorySegment triggered =
      Arena.ofAuto().allocate(MemoryLayout.sequenceLayout(MOST, JAVA_LONG));

  public DdsWaitset(DdsParticipant participant) {
    try {
      entity =
          Ddsc.check(
              (int) Ddsc.Calls.CREATE_WAITSET.invokeExact(participant.entity()),
              "creating a waitset");
      wakeUp =
          Ddsc.check(
              (int) Ddsc.Calls.CREATE_GUARDCONDITION.invokeExact(participant.entity()),
              "creating a guard condition");
      Ddsc.check(
          (int) Ddsc.Calls.WAITSET_ATTACH.invokeExact(entity, wakeUp, WAKE),
          "attaching a guard condition");
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /** Waits for {@code reader} too; the waitset reports it as {@code token}, at least 0. */
  public void attach(Attachable reader, int token) {
    try {
      int condition =
          Ddsc.check(
              (int) Ddsc.Calls.CREATE_READCONDITION.invokeExact(reader.entity(), ANY_STATE),
              "creating a read condition");
      Ddsc.check(
          (int) Ddsc.Calls.WAITSET_ATTACH.invokeExact(entity, condition, (long) token),
          "attaching a read condition");
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /** Waits; returns how many readers have something to take, 0 after {@link #wakeUp}. */
  public int await() {
    try {
      int count =
          Ddsc.check(
              (int)
                  Ddsc.Calls.WAITSET_WAIT.invokeExact(
                      entity, triggered, (long) MOST, Long.MAX_VALUE),
              "waiting for messages");
      return Math.min(count, MOST);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /** Token of the {@code index}-th of those that {@link #await} counted; negative: a wake-up. */
  public int token(int index) {
    return (int) triggered.getAtIndex(JAVA_LONG, index);
  }

  /** Ends the wait, now and from then on. */
  public void wakeUp() {
    try {
      Ddsc.check((int) Ddsc.Calls.SET_GUARDCONDITION.invokeExact(wakeUp, true), "waking a waitset");
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }
}
