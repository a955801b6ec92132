package dev.forearm.launch.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.shelf.ShelfWatch;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.srv.forearm_msgs.SwapPolicy;
import dev.forearm.ros.srv.forearm_msgs.SwapPolicyRequest;
import dev.forearm.ros.srv.forearm_msgs.SwapPolicyResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapServiceTest {
  private static final String NAME = "/forearm/swap_policy";

  @TempDir private Path folder;

  private static SwapPolicyResponse answer(
      SwapRig rig, ServiceClient<SwapPolicyRequest, SwapPolicyResponse> client, String policy)
      throws Exception {
    CompletableFuture<SwapPolicyResponse> answer = client.call(new SwapPolicyRequest(policy));
    while (!answer.isDone()) {
      rig.runFor(0.02);
      Thread.sleep(5); // for the service's own thread
    }
    return answer.get();
  }

  @Test
  void itAnswersOnceThePolicyDrivesOrIsRefused() throws Exception {
    try (SwapRig rig = new SwapRig(folder);
        ShelfWatch _ = rig.shelf.watch();
        SwapService _ = new SwapService(rig.transport, NAME, rig.shelf);
        ServiceClient<SwapPolicyRequest, SwapPolicyResponse> client =
            rig.transport.client(NAME, SwapPolicy.TYPE)) {
      String other = rig.scaled(folder, Half.ACTOR, 1).id();
      rig.engage();
      rig.runFor(0.3);
      SwapPolicyResponse swapped = answer(rig, client, other);
      assertTrue(swapped.success(), swapped::message);
      assertEquals(other, rig.active());
      SwapPolicyResponse again = answer(rig, client, other);
      assertTrue(again.success() && again.message().contains("drives already"), again::message);
      SwapPolicyResponse unknown = answer(rig, client, "no-such-bundle");
      assertFalse(unknown.success());
      assertTrue(unknown.message().contains("no-such-bundle"), unknown::message);
      assertEquals(other, rig.active());
    }
  }
}
