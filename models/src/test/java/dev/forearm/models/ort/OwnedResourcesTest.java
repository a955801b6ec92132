package dev.forearm.models.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OwnedResourcesTest {
  @Test
  void theNewestIsClosedFirstAndNoneIsForgottenWhereOneFails() {
    List<String> closed = new ArrayList<>();
    OwnedResources owned = new OwnedResources();
    owned.add(() -> closed.add("arena"));
    owned.add(() -> {
      throw new IllegalStateException("session");
    });
    owned.add(() -> closed.add("binding"));
    assertThrows(IllegalStateException.class, owned::close);
    assertEquals(List.of("binding", "arena"), closed);
    owned.close();
    assertEquals(2, closed.size());
  }
}
