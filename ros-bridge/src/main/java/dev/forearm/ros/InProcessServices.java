package dev.forearm.ros;

import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Services inside one process: a call is answered on the calling thread, through both codecs. */
final class InProcessServices {
  private final Map<String, Server<?, ?>> servers = new HashMap<>();
  private final Object turn;

  /**
   * @param turn held while a handler runs
   */
  InProcessServices(Object turn) {
    this.turn = turn;
  }

  <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    Server<Q, A> server = new Server<>(service, type, handler);
    if (servers.putIfAbsent(service, server) != null) {
      throw new RosFault("service %s has a server; close that first".formatted(service));
    }
    return server;
  }

  <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    return new Client<>(service, type);
  }

  private static <M extends Message> M copy(M message, Function<CdrReader, M> read) {
    CdrWriter writer = new CdrWriter(64);
    message.encode(writer);
    CdrReader reader = new CdrReader();
    reader.wrap(writer.segment().asSlice(0, writer.length()));
    return read.apply(reader);
  }

  private final class Server<Q extends Message, A extends Message> implements ServiceServer {
    private final String service;
    private final ServiceType<Q, A> type;
    private final ServiceHandler<Q, A> handler;
    private long received;
    private long refused;

    Server(String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
      this.service = service;
      this.type = type;
      this.handler = handler;
    }

    @Override
    public String service() {
      return service;
    }

    @Override
    public long received() {
      return received;
    }

    @Override
    public long refused() {
      return refused;
    }

    @Override
    public void close() {
      servers.remove(service, this);
    }

    void answer(Q request, CompletableFuture<A> answer) {
      synchronized (turn) {
        received++;
        try {
          handler.onRequest(
              copy(request, type.readRequest()),
              reply -> answer.complete(copy(reply, type.readResponse())));
        } catch (RosFault fault) {
          refused++;
        }
      }
    }
  }

  private final class Client<Q extends Message, A extends Message> implements ServiceClient<Q, A> {
    private final String service;
    private final ServiceType<Q, A> type;

    Client(String service, ServiceType<Q, A> type) {
      this.service = service;
      this.type = type;
    }

    @Override
    public String service() {
      return service;
    }

    @Override
    public boolean available() {
      return servers.containsKey(service);
    }

    @Override
    @SuppressWarnings("unchecked") // the same type by the check
    public CompletableFuture<A> call(Q request) {
      CompletableFuture<A> answer = new CompletableFuture<>();
      Server<?, ?> server = servers.get(service);
      if (server != null && server.type.name().equals(type.name())) {
        ((Server<Q, A>) server).answer(request, answer);
      }
      return answer;
    }

    @Override
    public void close() {}
  }
}
