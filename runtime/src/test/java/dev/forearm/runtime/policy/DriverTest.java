package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DriverTest {
  @Test
  void whoDroveIsReadBackAsItWasWritten() {
    for (Driver driver :
        List.of(
            new Driver.Expert(),
            new Driver.Learned("ab12"),
            new Driver.Human("Zoë at the left arm"),
            new Driver.Human(""),
            new Driver.Retrieval(),
            new Driver.Recovery(),
            new Driver.Nobody(),
            new Driver.Unknown())) {
      assertEquals(driver, Driver.parse(driver.text()));
    }
  }

  @Test
  void whatALaterVersionWritesIsUnknown() {
    for (String text : List.of("", "oracle", "oracle of Delphi", " ")) {
      assertEquals(new Driver.Unknown(), Driver.parse(text));
    }
  }
}
