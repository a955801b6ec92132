package dev.forearm.ros;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OnceLogTest {
  private final List<String> told = new ArrayList<>();

  @Test
  void eachThingIsToldOnceAndOfTooManyTheRestIsNot() {
    try (LogWatch _ = new LogWatch(OnceLogTest.class, told)) {
      OnceLog log = new OnceLog(LoggerFactory.getLogger(OnceLogTest.class));
      log.warn("one");
      log.warn("one");
      assertEquals(List.of("one"), told);
      IntStream.range(0, 1000).forEach(i -> log.warn("made up " + i));
      assertEquals(101, told.size());
      assertEquals("100 warnings of this kind; no more of them are told", told.getLast());
    }
  }

  @Test
  void controlCharactersOfPeersAreNotPassedOn() {
    try (LogWatch _ = new LogWatch(OnceLogTest.class, told)) {
      new OnceLog(LoggerFactory.getLogger(OnceLogTest.class)).warn("a \u001b[2Jname\n");
      assertEquals(List.of("a ?[2Jname?"), told);
    }
  }
}
