package dev.forearm.launch.train;

import dev.forearm.models.grad.ParameterNames;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What initializers stand for: the option that makes {@link ParameterNames}. */
final class NameOptions {
  @Option(
      names = "--name",
      paramLabel = "INITIALIZER=NAME[,NAME]",
      description = {
        "What an initializer is called in the checkpoint, where the exporter renamed it. Several",
        "names, where it merged parameters that started equal: each reader gets its own again, in",
        "running order. The name of another one, where it untied them: they are trained as one."
      })
  private Map<String, String> names = new LinkedHashMap<>();

  /** Names by initializer, as {@link ParameterNames#of} takes them. */
  Map<String, String> asGiven() {
    return names;
  }
}
