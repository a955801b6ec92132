package dev.forearm.datasets.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class StorePlaceTest {
  @Test
  void slashesAroundThePrefixDoNotMatter() {
    StorePlace place = new StorePlace("robots", "lab/lift/");
    assertEquals(place, StorePlace.parse("s3://robots/lab/lift"));
    assertEquals(place, StorePlace.parse("s3://robots//lab/lift/"));
    assertEquals("s3://robots/lab/lift/", place.toString());
    assertEquals(new StorePlace("robots", ""), StorePlace.parse("s3://robots"));
  }

  @Test
  void anAddressWithCredentialsIsRefusedAndNotRepeated() {
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> StorePlace.parse("s3://tester:secret@robots/lift"))
                .getMessage());
    assertFalse(message.contains("secret"), message);
  }
}
