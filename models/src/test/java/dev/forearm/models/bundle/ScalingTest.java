package dev.forearm.models.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ScalingTest {
  private final float[] seen = {10, 20, 30};
  private final Scaling absolute = new Scaling(new float[] {1, 2}, new float[] {4, 8}, new int[0]);
  private final Scaling relative =
      new Scaling(new float[] {1, 2}, new float[] {4, 8}, new int[] {2, 0});

  @Test
  void aValueIsScaledAboutItsMeanOrWhatWasSeen() {
    assertEquals(2, absolute.normalised(seen, 1, 18));
    assertEquals(18, absolute.physical(seen, 1, 2));
    assertEquals(2, relative.normalised(seen, 0, 39));
    assertEquals(39, relative.physical(seen, 0, 2));
    assertEquals(28, relative.physical(seen, 1, 2));
  }

  @Test
  void theSameIsTheSameInAllParts() {
    assertTrue(relative.sameAs(new Scaling(relative.mean(), relative.std(), new int[] {2, 0})));
    assertFalse(relative.sameAs(new Scaling(relative.mean(), relative.std(), new int[] {0, 2})));
    assertFalse(relative.sameAs(absolute));
  }

  @Test
  void partsOfDifferentLengthAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Scaling(new float[2], new float[2], new int[] {1}));
  }
}
