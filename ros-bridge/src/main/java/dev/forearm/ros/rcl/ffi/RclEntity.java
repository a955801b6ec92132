package dev.forearm.ros.rcl.ffi;

import java.lang.foreign.Arena;

/**
 * Something that rcl made on a node, and that is finalised on it. Made and finalised holding the
 * node's turn, which is the lock of the node, and its own lock within that.
 */
abstract class RclEntity implements AutoCloseable {
  final RclNode node;
  final String name; // of the topic or service
  final Arena arena = Arena.ofShared(); // rcl's structures
  private volatile boolean closed;

  RclEntity(RclNode node, String name) {
    this.node = node;
    this.name = name;
  }

  /** Whether it was closed; holding its lock, it stays as it is. */
  final boolean isClosed() {
    return closed;
  }

  /** Finalises it; nobody may be using it or waiting for it. Does nothing the second time. */
  @Override
  public final void close() {
    synchronized (node) {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
        try {
          finalise();
        } catch (Throwable e) {
          throw Rcl.unexpected(e);
        } finally {
          free();
        }
      }
    }
  }

  /** Gives back to rcl what it made. */
  abstract void finalise() throws Throwable;

  /** Frees the memory that rcl's structures were in. */
  void free() {
    arena.close();
  }
}
