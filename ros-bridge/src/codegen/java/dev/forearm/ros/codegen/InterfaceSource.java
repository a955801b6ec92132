package dev.forearm.ros.codegen;

/** The Java source of a service or an action: a holder of its type. */
final class InterfaceSource {
  private final Definitions.Interface definition;
  private final Definitions all;
  private final String root;

  InterfaceSource(Definitions.Interface definition, Definitions all, String root) {
    this.definition = definition;
    this.all = all;
    this.root = root;
  }

  String javaPackage() {
    return part(definition.kind().equals("srv") ? "Request" : "Goal").javaPackage();
  }

  private Definition part(String suffix) {
    return all.get(
        "%s/%s/%s_%s".formatted(definition.pkg(), definition.kind(), definition.name(), suffix));
  }

  private String java(String suffix) {
    return part(suffix).javaName();
  }

  String text() {
    String rosName = "%s/%s/%s".formatted(definition.pkg(), definition.kind(), definition.name());
    boolean service = definition.kind().equals("srv");
    return """
    // Generated from the definition of %1$s; change that instead.
    package %2$s.%3$s;

    import dev.forearm.ros.%4$s;

    /** {@code %1$s}. */
    public final class %5$s {
    %6$s
      private %5$s() {}
    }
    """
        .formatted(
            rosName,
            root,
            javaPackage(),
            service ? "ServiceType" : "ActionType",
            definition.name(),
            service ? service(rosName) : action(rosName));
  }

  private String service(String rosName) {
    return """
      public static final ServiceType<%1$s, %2$s> TYPE =
          new ServiceType<>("%3$s", %1$s.TYPE, %2$s.TYPE, %1$s::read, %2$s::read);
    """
        .formatted(java("Request"), java("Response"), rosName);
  }

  private String action(String rosName) {
    return """
      public static final ActionType<%1$s, %2$s, %3$s> TYPE =
          new ActionType<>(
              "%4$s",
              %5$s.TYPE,
              %6$s.TYPE,
              %7$s.TYPE,
              %8$s.TYPE,
              %9$s.TYPE,
              %1$s::read,
              %2$s::read,
              %3$s::read);
    """
        .formatted(
            java("Goal"),
            java("Result"),
            java("Feedback"),
            rosName,
            java("SendGoal_Request"),
            java("SendGoal_Response"),
            java("GetResult_Request"),
            java("GetResult_Response"),
            java("FeedbackMessage"));
  }
}
