package dev.forearm.runtime.robot;

import java.util.List;

/**
 * Links that leave the chain to the tool before its end: a finger, a second tool.
 *
 * @param frame the frame at its end
 * @param after how many links of the chain come before it
 * @param links from there to its end
 */
public record Branch(String frame, int after, List<ChainLink> links) {
  public Branch {
    links = List.copyOf(links);
  }
}
