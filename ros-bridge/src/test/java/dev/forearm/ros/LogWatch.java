package dev.forearm.ros;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Hands what a class logs to a test, until closed. */
public final class LogWatch implements AutoCloseable {
  private final Logger logger;
  private final AppenderBase<ILoggingEvent> appender;

  /**
   * @param said takes the messages, on the threads that log them
   */
  public LogWatch(Class<?> of, List<String> said) {
    this(of.getName(), said);
  }

  /**
   * @param of a class, or a package with all that is in it
   * @param said takes the messages, on the threads that log them
   */
  public LogWatch(String of, List<String> said) {
    logger = (Logger) LoggerFactory.getLogger(of);
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            said.add(event.getFormattedMessage());
          }
        };
    appender.start();
    logger.addAppender(appender);
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }
}
