package dev.forearm.launch.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.runtime.RuntimeFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MethodTest {
  @ParameterizedTest
  @CsvSource({
    "sft, false, false, false",
    "adaptation, true, false, false",
    "sft-longer, true, true, true",
    "actor-only, true, false, true",
    "world-model-only, true, true, false",
    "joint, true, true, true",
    "joint-takeovers, true, true, true",
    "joint-retrieval, true, true, true",
    "actor-retrieval, true, false, true",
    "joint-relabelled, true, true, true",
    "actor-relabelled, true, false, true",
    "best-of-k, true, false, false",
    "reconstruction, true, true, true",
    "ppo, true, false, true"
  })
  void eachArmLearnsWhatItsNameSays(
      String name, boolean adapts, boolean worldModel, boolean actor) {
    Method method = Method.named(name);
    assertEquals(adapts, method.practice().adapts());
    assertEquals(worldModel, method.learner().worldModel().learns());
    assertEquals(actor, method.learner().actor().learns());
    assertEquals(worldModel || actor || method.learner().choice().isPresent(), method.learns());
    assertEquals(method.learns() && !name.equals("sft-longer"), method.practice().episodes() > 0);
    assertEquals(method.learner().policyGradient().isPresent(), method.practice().exploreRad() > 0);
    assertEquals(name.endsWith("relabelled"), method.learner().relabelEvery() > 0);
    boolean byDemonstrations = name.endsWith("retrieval");
    assertEquals(
        byDemonstrations || name.endsWith("takeovers"), method.practice().coachedShare() > 0);
    assertEquals(
        byDemonstrations ? Method.Teacher.DEMONSTRATIONS : Method.Teacher.EXPERT,
        method.practice().teacher());
  }

  @Test
  void aMisspeltKeyIsNamed() {
    String text = Method.named("joint").text().replace("retry_s:", "retry_z:");
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> Method.parse(text, "mine"));
    assertTrue(fault.toString().contains("retry_"), fault::toString);
  }

  @Test
  void anUnknownTeacherIsNamed() {
    String text = Method.named("joint-retrieval").text().replace(": demonstrations", ": books");
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> Method.parse(text, "mine"));
    assertTrue(fault.toString().contains("'books'"), fault::toString);
  }

  @Test
  void anUnknownMethodNamesThoseThereAre() {
    LaunchFailure fault = assertThrows(LaunchFailure.class, () -> Method.named("jiont"));
    assertTrue(fault.toString().contains("joint-takeovers"), fault::toString);
  }
}
