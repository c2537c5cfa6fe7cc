// Connection: one client's connection from its handshake to its end or its turn into a WebSocket. Reads
// requests one after the other, however the client sends them; asks the handler; writes the answers in order.
// On the server's executor; owned by the coroutine that runs it.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>

#include "controller/http/body_reader.hpp"
#include "controller/http/handshake_queue.hpp"
#include "controller/http/message.hpp"
#include "controller/http/request_parser.hpp"
#include "controller/http/server.hpp"
#include "controller/http/timed_stream.hpp"

namespace runbook::http {

// A connection whose handler accepted a WebSocket: everything needed to open and run it.
struct Upgrade {
  transport::ByteStream stream;
  transport::UpgradeRequest request;
  std::string subprotocol;
  std::string already_read;
  std::function<boost::asio::awaitable<void>(transport::WebSocketChannel)> run;
};

class Connection {
 public:
  Connection(transport::ByteStream stream, const ServerSettings& settings, const Handler& handler,
             HandshakeQueue& handshakes);

  boost::asio::awaitable<std::optional<Upgrade>> run();

  // The server stops: ends at once when no request is being answered, else after that answer.
  void end_soon();

 private:
  enum class Head { kTaken, kRefused, kGone };
  enum class Next { kRequest, kUpgrade, kClose, kGone };

  boost::asio::awaitable<bool> greet(TimedStream::Clock::time_point deadline);
  boost::asio::awaitable<Head> read_head(RequestParser& parser, TimedStream::Clock::time_point idle_until);
  boost::asio::awaitable<Next> serve_one(RequestParser& parser, std::optional<Upgrade>& upgrade);
  boost::asio::awaitable<Response> ask(const Request& request, BodyReader& body);
  boost::asio::awaitable<bool> send(const Request& request, Response& response, bool& keep_alive,
                                    bool http_1_0);
  boost::asio::awaitable<void> refuse(const RequestFault& fault);
  boost::asio::awaitable<void> close_gently();
  Response failure_answer(const Request& request, std::exception_ptr failure) const;
  void complete(Request& request) const;
  void log_answer(const Request& request, unsigned status, TimedStream::Clock::time_point asked) const;

  TimedStream stream_;
  const ServerSettings& settings_;
  const Handler& handler_;
  HandshakeQueue& handshakes_;
  std::string input_;  // read, not yet taken
  std::string remote_address_;
  std::string peer_certificate_;
  bool secure_;
  bool idle_ = false;
  bool ending_ = false;
};

}  // namespace runbook::http
