package dev.forearm.launch.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultEpisodesTest {
  private static final Path BUNDLE = Path.of("../models/bundles/lift-sft");

  @Test
  void everyEpisodeKeepsEveryLimitAndComesToADefinedEnd() {
    try (FaultEpisodes plays = new FaultEpisodes(5, BUNDLE)) {
      List<Verdict> verdicts = LongStream.range(0, 80).mapToObj(plays::play).toList();
      for (Verdict verdict : verdicts) {
        assertTrue(verdict.good(), verdict.toString());
      }
      assertTrue(verdicts.stream().mapToLong(Verdict::commands).sum() > 50_000);
      assertTrue(verdicts.stream().anyMatch(verdict -> verdict.state() == SafetyState.FAULT));
    }
  }

  @Test
  void anEpisodePlayedAgainByItselfSendsTheSameCommands() {
    try (FaultEpisodes plays = new FaultEpisodes(6, BUNDLE);
        FaultEpisodes again = new FaultEpisodes(6, BUNDLE)) {
      List<Verdict> verdicts = LongStream.range(0, 8).mapToObj(plays::play).toList();
      assertEquals(verdicts.get(7), again.play(7));
      assertEquals(verdicts.get(2), again.play(2));
    }
  }

  @Test
  void everyKindOfFaultIsDrawn() {
    Set<FaultKind> drawn = EnumSet.noneOf(FaultKind.class);
    for (long seed = 0; seed < 200; seed++) {
      FaultPlan.draw(seed, House.robot("fr3"))
          .strikes()
          .forEach(strike -> drawn.add(strike.kind()));
    }
    assertEquals(EnumSet.allOf(FaultKind.class), drawn);
  }

  @Test
  void aFaultThatEndsWithoutAResetIsSeen() {
    Conduct conduct = new Conduct();
    conduct.safety(SafetyState.FAULT, SafetyReason.E_STOP, 1);
    conduct.safety(SafetyState.IDLE, SafetyReason.NOT_ENGAGED, 2);
    assertFalse(conduct.wrong().isEmpty());
  }
}
