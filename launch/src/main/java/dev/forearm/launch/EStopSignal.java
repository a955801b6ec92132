package dev.forearm.launch;

import java.lang.reflect.Proxy;

/**
 * {@code kill -USR1} as an e-stop: for a script or a button that is wired to this machine, without
 * any topic. The process goes on, with its arm at rest.
 */
final class EStopSignal {
  private static final String NAME = "USR1";

  private EStopSignal() {}

  /**
   * Has {@code press} called at each signal from now on, on a thread of the virtual machine.
   *
   * <p>Java's only way to a signal is {@code jdk.unsupported}, of which the compiler warns; hence
   * by reflection.
   *
   * @return whether this virtual machine lets the signal be had
   */
  static boolean listen(Runnable press) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object pressing =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, _) -> {
                if (method.getName().equals("handle")) { // the only one that is called
                  press.run();
                }
                return null;
              });
      Object usr1 = signal.getConstructor(String.class).newInstance(NAME);
      signal.getMethod("handle", signal, handler).invoke(null, usr1, pressing);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
