package dev.forearm.runtime.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.forearm.runtime.safety.SafetyReason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class RefusalLogTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(PolicyLoop.class);
  private static final long SECOND = 1_000_000_000L;

  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private long now = -7 * SECOND; // any origin
  private final RefusalLog log = new RefusalLog(() -> now);

  @BeforeEach
  void listen() {
    told.start();
    LOGGER.addAppender(told);
    LOGGER.setLevel(Level.WARN);
  }

  @AfterEach
  void leave() {
    LOGGER.detachAppender(told);
    LOGGER.setLevel(null);
  }

  private List<String> lines() {
    return told.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aReasonIsToldAsItBeginsAndNotAgainForTenSeconds() {
    for (int sequence = 1; sequence <= 6; sequence++) {
      log.refused(sequence, SafetyReason.FORESIGHT, "", null);
      log.refused(sequence, SafetyReason.FORESIGHT, "", null); // goes on
      log.planned(sequence);
      now += 3 * SECOND;
    }
    log.refused(7, SafetyReason.ACTION_OUT_OF_RANGE, "elbow", null);
    assertEquals(
        List.of(
            "chunk 1 refused: what happens is not what was imagined",
            "chunk 5 refused: what happens is not what was imagined; 3 times more since that was told last",
            "chunk 7 refused: the actor's output is far outside the joint limits elbow"),
        lines());
  }

  @Test
  void whatThePolicyThrewIsTold() {
    IllegalStateException thrown = new IllegalStateException("no");
    log.refused(1, SafetyReason.POLICY_FAILED, "IllegalStateException", thrown);
    assertEquals("no", told.list.getFirst().getThrowableProxy().getMessage());
    assertEquals(
        List.of("chunk 1 refused: the policy threw an exception IllegalStateException"), lines());
  }
}
