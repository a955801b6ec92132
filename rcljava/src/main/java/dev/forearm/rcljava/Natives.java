package dev.forearm.rcljava;

import dev.forearm.ros.RosFault;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ros2.rcljava.RCLJava;
import org.ros2.rcljava.common.JNIUtils;
import org.ros2.rcljava.contexts.ContextImpl;
import org.ros2.rcljava.executors.BaseExecutor;
import org.ros2.rcljava.graph.EndpointInfo;
import org.ros2.rcljava.node.NodeImpl;
import org.ros2.rcljava.publisher.PublisherImpl;
import org.ros2.rcljava.qos.QoSProfile;
import org.ros2.rcljava.subscription.SubscriptionImpl;

/**
 * rcljava's native half. A class of it that does not find its library ends the virtual machine, so
 * each library is loaded here before its class is initialised.
 */
final class Natives {
  private static final List<Class<?>> OWN =
      List.of(
          RCLJava.class,
          org.ros2.rcljava.time.Clock.class,
          ContextImpl.class,
          NodeImpl.class,
          QoSProfile.class,
          PublisherImpl.class,
          SubscriptionImpl.class,
          BaseExecutor.class,
          EndpointInfo.class);

  private Natives() {}

  /**
   * Loads rcljava's own.
   *
   * @throws RosFault if one is missing
   */
  static void load() {
    OWN.forEach(each -> load(each, JNIUtils::loadImplementation));
  }

  /**
   * Loads what converts a message.
   *
   * @param message not initialised yet
   * @throws RosFault if it is missing
   */
  static void loadTypeSupport(Class<?> message) {
    load(message, JNIUtils::loadTypesupport);
  }

  private static void load(Class<?> of, Consumer<Class<?>> loader) {
    try {
      loader.accept(of);
    } catch (LinkageError e) {
      throw new RosFault(
          "loading the native half of %s: %s; source the workspace that rcljava.jar is from, so that LD_LIBRARY_PATH names its libraries"
              .formatted(of.getName(), e.getMessage()),
          e);
    }
  }

  /**
   * Calls rcljava, whose native half throws exceptions that it does not declare.
   *
   * @throws RosFault with what rcljava says
   */
  static <T> T calling(String operation, Supplier<T> call) {
    try {
      return call.get();
    } catch (RosFault fault) {
      throw fault;
    } catch (Exception e) {
      throw new RosFault("%s: rcljava says '%s'".formatted(operation, e.getMessage()), e);
    }
  }
}
