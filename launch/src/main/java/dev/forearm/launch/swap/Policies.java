package dev.forearm.launch.swap;

import dev.forearm.launch.House;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.ShelfWatch;
import dev.forearm.ros.RosTransport;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A shelf that one robot drives from. The thread that sets up the session makes and closes it.
 *
 * @param shelf whose active version drives
 * @param watch of the shelf
 * @param active what was active in the beginning
 * @param probationSeconds how long a new policy is watched; 0: not at all
 * @param loader loads a bundle for the robot, or throws what is wrong with it
 */
public record Policies(
    PolicyShelf shelf,
    ShelfWatch watch,
    ShelfVersion active,
    double probationSeconds,
    Function<Path, Mind> loader)
    implements AutoCloseable {

  /**
   * Drives from a shelf.
   *
   * @throws dev.forearm.models.ModelsFault if it is none, has no active version, or another robot
   *     is driven from it
   */
  static Policies of(Path folder, double probationSeconds, Function<Path, Mind> loader) {
    PolicyShelf shelf = PolicyShelf.open(folder);
    Path _ = shelf.activeBundle();
    ShelfWatch watch = shelf.watch();
    return new Policies(shelf, watch, shelf.active().orElseThrow(), probationSeconds, loader);
  }

  /** A version by its id, or a bundle, which comes to the shelf if it is not there. */
  static ShelfVersion onShelf(PolicyShelf shelf, String named) {
    return shelf.versions().stream()
        .filter(version -> version.id().equals(named))
        .findFirst()
        .orElseGet(() -> shelf.add(House.bundle(named)));
  }

  /** Loads what drives in the beginning. */
  public Mind first() {
    return loader.apply(shelf.bundle(active));
  }

  /**
   * Has a session's policy follow the shelf from now on. Before its drive starts.
   *
   * @param mind the {@link #first()}, which drives
   * @param say takes what became of each swap, for people
   */
  public Swaps follow(
      RobotSession session, RosTransport transport, Mind mind, Consumer<String> say) {
    return new Swaps(this, session, transport, mind, say);
  }

  @Override
  public void close() {
    watch.close();
  }
}
