package dev.forearm.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
  @Test
  void valuesComeOutWithTheirTypes() {
    record Camera(String name, double hertz, int width, boolean colour) {}
    Camera camera =
        ConfigFile.parse(
            "name: wrist\nhertz: 30\nwidth: 96\ncolour: true\n",
            "camera.yaml",
            file ->
                new Camera(
                    file.text("name"),
                    file.number("hertz"),
                    file.integer("width"),
                    file.flag("colour")));
    assertEquals(new Camera("wrist", 30, 96, true), camera);
  }

  @Test
  void unknownKeyIsRefusedWithTheNearestKnownOne() {
    assertEquals(
        "c.yaml:2: hertzz: unknown key; did you mean 'hertz'?",
        refusal(
            "name: wrist\nhertzz: 30\n",
            file -> {
              file.text("name");
              return file.optionalNumber("hertz").isPresent();
            }));
  }

  @Test
  void unknownKeyOfAnInnerSectionIsRefusedToo() {
    assertEquals(
        "c.yaml:3: image.colour: unknown key; remove it",
        refusal("image:\n  width: 96\n  colour: true\n", f -> f.section("image").integer("width")));
  }

  @Test
  void aKeyGivenTwiceIsRefusedWithBothPlaces() {
    assertEquals(
        "c.yaml:3: hertz: given twice, first in line 1; keep one",
        refusal("hertz: 30\nname: wrist\nhertz: 60\n", file -> file.number("hertz")));
    assertEquals(
        "c.yaml:2: image.width: given twice, first in line 2; keep one",
        refusal(
            "name: wrist\nimage: {width: 96, \"width\": 64}\n",
            file -> file.section("image").integer("width")));
  }

  @Test
  void whatIsWrittenIsRead() {
    for (String text :
        List.of("it's", "a: b", "1", "yes", " x ", "line\nline", "\u0001", "größe")) {
      String yaml = ConfigFile.write(Map.of("text", text, "inner", Map.of("seed", 1L << 62)));
      assertEquals(
          text + (1L << 62),
          ConfigFile.parse(
              yaml, "c.yaml", file -> file.text("text") + file.section("inner").text("seed")));
    }
  }

  @Test
  void missingKeyIsNamed() {
    assertEquals(
        "c.yaml:1: hertz: required, but missing",
        refusal("name: wrist\n", file -> file.number("hertz")));
  }

  @Test
  void wrongTypeSaysFoundAndWanted() {
    assertEquals(
        "c.yaml:1: hertz: found 'often', wanted a number",
        refusal("hertz: often\n", file -> file.number("hertz")));
    assertEquals(
        "c.yaml:1: width: found '9.5', wanted a whole number",
        refusal("width: 9.5\n", file -> file.integer("width")));
    assertEquals(
        "c.yaml:1: origin: found 2 numbers, wanted 3",
        refusal("origin: [1, 2]\n", file -> file.numbers("origin", 3).length));
  }

  @Test
  void notANumberIsNotANumber() {
    assertTrue(refusal("hertz: NaN\n", file -> file.number("hertz")).contains("wanted a number"));
  }

  @Test
  void brokenYamlSaysWhere() {
    assertTrue(refusal("a: [1, 2\nb: 3\n", file -> file.keys().size()).contains("c.yaml"));
  }

  private static <T> String refusal(String text, Function<Section, T> reader) {
    return String.valueOf(
        assertThrows(RuntimeFault.class, () -> ConfigFile.parse(text, "c.yaml", reader))
            .getMessage());
  }
}
