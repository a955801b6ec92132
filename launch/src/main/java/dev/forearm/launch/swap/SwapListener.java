package dev.forearm.launch.swap;

import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;

/** Hears what becomes of swaps; the swap agent's thread. */
interface SwapListener {
  /**
   * A swap came to its end.
   *
   * @param driving the version that drives now
   */
  void settled(SwapRecord swap, ShelfVersion driving);

  /** Something was asked for that is no swap, or the shelf cannot be read. */
  void trouble(String what);
}
