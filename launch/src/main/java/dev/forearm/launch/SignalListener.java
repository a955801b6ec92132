package dev.forearm.launch;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;

/**
 * Hears one of the system's signals in place of who heard it before, until it is closed.
 *
 * <p>Java's only way to a signal is {@code jdk.unsupported}, of which the compiler warns; hence by
 * reflection.
 */
final class SignalListener implements AutoCloseable {
  private final Method handle;
  private final Object signal;
  private final Object before;

  private SignalListener(Method handle, Object signal, Object before) {
    this.handle = handle;
    this.signal = signal;
    this.before = before;
  }

  /**
   * Has {@code heard} called at each signal from now on, on a thread of the virtual machine.
   *
   * @param name without SIG
   * @return empty if this virtual machine does not let the signal be had
   */
  static Optional<SignalListener> listen(String name, Runnable heard) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hearing =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, _) -> {
                if (method.getName().equals("handle")) { // the only one that is called
                  heard.run();
                }
                return null;
              });
      Object signal = type.getConstructor(String.class).newInstance(name);
      Method handle = type.getMethod("handle", type, handler);
      return Optional.of(new SignalListener(handle, signal, handle.invoke(null, signal, hearing)));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      Object _ = handle.invoke(null, signal, before);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(signal + " was had, and cannot be given back", e);
    }
  }
}
