package dev.forearm.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forearm.models.onnx.build.OperatorTable;
import org.junit.jupiter.api.Test;

final class OperatorTableTest {
  @Test
  void aSecondRuleForAnOperatorIsAMistake() {
    OperatorTable<String> table = new OperatorTable<>();
    table.put("Add", "first");
    assertThrows(IllegalStateException.class, () -> table.put("Add", "second"));
    assertEquals("first", table.find("Add"));
  }
}
