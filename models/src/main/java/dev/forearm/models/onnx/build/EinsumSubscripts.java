package dev.forearm.models.onnx.build;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An Einsum equation with one letter an axis: an ellipsis is spelled out in capital letters that
 * the equation does not use itself, its last axis the same letter in every operand.
 *
 * @param inputs letters of each operand
 * @param output letters of the result
 */
public record EinsumSubscripts(List<String> inputs, String output) {

  /**
   * Reads an equation for operands of the given ranks.
   *
   * @throws IllegalArgumentException when it does not fit them
   */
  public static EinsumSubscripts parse(String equation, List<Integer> ranks) {
    String text = equation.replace(" ", "");
    int arrow = text.indexOf("->");
    List<String> terms = new ArrayList<>();
    for (String term : (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1)) {
      terms.add(term);
    }
    if (terms.size() != ranks.size()) {
      throw new IllegalArgumentException(
          "Einsum '" + equation + "' has " + terms.size() + " operands for " + ranks.size());
    }
    int longest = 0;
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i).contains("...")) {
        longest = Math.max(longest, ranks.get(i) - (terms.get(i).length() - 3));
      }
    }
    StringBuilder free = new StringBuilder();
    for (char letter = 'A'; letter <= 'z' && free.length() < longest; letter++) {
      if (Character.isLetter(letter) && equation.indexOf(letter) < 0) {
        free.append(letter);
      }
    }
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      int dots = ranks.get(i) - (terms.get(i).length() - 3);
      String letters = terms.get(i).contains("...") ? free.substring(longest - dots) : "";
      String spelled = terms.get(i).replace("...", letters);
      if (spelled.length() != ranks.get(i)) {
        throw new IllegalArgumentException(
            "Einsum '"
                + equation
                + "' gives operand "
                + i
                + " rank "
                + spelled.length()
                + ", it has "
                + ranks.get(i));
      }
      inputs.add(spelled);
    }
    String output =
        arrow < 0 ? implicit(inputs, free) : text.substring(arrow + 2).replace("...", free);
    return new EinsumSubscripts(List.copyOf(inputs), output);
  }

  private static String implicit(List<String> inputs, CharSequence ellipsis) {
    TreeMap<Character, Integer> counts = new TreeMap<>();
    for (char letter : String.join("", inputs).toCharArray()) {
      counts.merge(letter, 1, Integer::sum);
    }
    StringBuilder output = new StringBuilder(ellipsis);
    counts.forEach((letter, count) -> {
      if (count == 1 && ellipsis.toString().indexOf(letter) < 0) {
        output.append(letter);
      }
    });
    return output.toString();
  }
}
