package dev.forearm.launch.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.forearm.ros.msg.rcl_interfaces.Log;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.node.Rosout;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * This program's log, on a node's {@code /rosout} as well and as much of it as the node's command
 * line says, until it is closed.
 */
public final class RosLog implements AutoCloseable {
  private static final StackTraceElement NOWHERE = new StackTraceElement("", "", "", 0);

  private final Logger root;
  private final Level usual;
  private final Optional<ToRosout> appender;

  public RosLog(Node node) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    usual = root.getLevel();
    node.logLevel().map(Level::convertAnSLF4JLevel).ifPresent(root::setLevel);
    appender = node.rosout().map(rosout -> new ToRosout(rosout, node.name().name()));
    appender.ifPresent(added -> {
      added.setContext(context);
      added.start();
      root.addAppender(added);
    });
  }

  private static final class ToRosout extends AppenderBase<ILoggingEvent> {
    private final Rosout rosout;
    private final String node;

    ToRosout(Rosout rosout, String node) {
      this.rosout = rosout;
      this.node = node;
    }

    @Override
    protected void append(ILoggingEvent event) {
      StackTraceElement[] callers = event.getCallerData();
      StackTraceElement caller = callers.length == 0 ? NOWHERE : callers[0];
      String logger = event.getLoggerName();
      rosout.log(
          level(event.getLevel()),
          node + "." + logger.substring(logger.lastIndexOf('.') + 1),
          event.getFormattedMessage(),
          Optional.ofNullable(caller.getFileName()).orElse(""),
          caller.getMethodName(),
          Math.max(0, caller.getLineNumber()));
    }

    private static byte level(Level level) {
      if (level.isGreaterOrEqual(Level.ERROR)) {
        return Log.ERROR;
      }
      if (level.isGreaterOrEqual(Level.WARN)) {
        return Log.WARN;
      }
      return level.isGreaterOrEqual(Level.INFO) ? Log.INFO : Log.DEBUG;
    }
  }

  @Override
  public void close() {
    root.setLevel(usual);
    appender.ifPresent(added -> {
      root.detachAppender(added);
      added.stop();
    });
  }
}
