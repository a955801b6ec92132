package dev.forearm.launch.swap;

import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.srv.forearm_msgs.SwapPolicy;
import dev.forearm.ros.srv.forearm_msgs.SwapPolicyResponse;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code forearm swap} as a service: answered once the policy drives or is refused. A swap waits on
 * a thread of its own; one at a time.
 */
public final class SwapService implements AutoCloseable {
  private final PolicyShelf shelf;
  private final ServiceServer server;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * Serves.
   *
   * @param name of the service
   * @param shelf that the robot drives from, watched
   */
  public SwapService(RosTransport node, String name, PolicyShelf shelf) {
    this.shelf = shelf;
    server =
        node.serve(
            name,
            SwapPolicy.TYPE,
            (request, reply) -> {
              if (!busy.compareAndSet(false, true)) {
                reply.accept(new SwapPolicyResponse(false, "another swap is under way"));
                return;
              }
              Thread _ =
                  Thread.ofVirtual()
                      .name("swap service")
                      .start(() -> {
                        SwapPolicyResponse answer = swapped(request.policy());
                        busy.set(false);
                        reply.accept(answer);
                      });
            });
  }

  private SwapPolicyResponse swapped(String wanted) {
    try {
      ShelfVersion version = Policies.onShelf(shelf, wanted);
      if (shelf.active().filter(active -> active.id().equals(version.id())).isPresent()) {
        return new SwapPolicyResponse(true, version.id() + " drives already");
      }
      SwapWait wait = new SwapWait(shelf);
      shelf.want(version.id());
      SwapRecord swap = wait.forOutcome(version.id());
      return new SwapPolicyResponse(swap.outcome() == SwapRecord.Outcome.ACTIVE, swap.text());
    } catch (RuntimeException e) { // no such bundle, a damaged one, a shelf that cannot be written
      return new SwapPolicyResponse(false, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
