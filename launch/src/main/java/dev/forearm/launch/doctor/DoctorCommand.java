package dev.forearm.launch.doctor;

import dev.forearm.launch.Output;
import dev.forearm.launch.doctor.Finding.State;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code forearm doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Tell what this machine has, what it lacks and what to do about it.",
      "Exits 0 where the demo can run, 1 where it cannot."
    })
public final class DoctorCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Override
  public Integer call() {
    List<Finding> findings = Checks.all().stream().map(Check::look).toList();
    findings.forEach(DoctorCommand::print);
    boolean canRun = findings.stream().noneMatch(f -> f.state() == State.MISSING);
    System.out.println();
    System.out.println(canRun ? "The demo can run here." : "The demo cannot run here yet.");
    output.write(
        Map.of(
            "can_run_demo", canRun, "findings", findings.stream().map(Finding::toJson).toList()));
    return canRun ? 0 : 1;
  }

  private static void print(Finding finding) {
    String mark =
        switch (finding.state()) {
          case OK -> "ok     ";
          case LESS -> "less   ";
          case MISSING -> "MISSING";
        };
    System.out.printf("%s  %-16s %s%n", mark, finding.subject(), finding.found());
    if (!finding.remedy().isEmpty()) {
      System.out.printf("%26s-> %s%n", "", finding.remedy());
    }
  }
}
