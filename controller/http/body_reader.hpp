// ConnectionBody: the body of the request a connection is answering, read when the handler asks. Lives as
// long as the request; on the connection's executor.
#pragma once

#include <string>

#include "controller/http/message.hpp"
#include "controller/http/request_parser.hpp"
#include "controller/http/server.hpp"
#include "controller/http/timed_stream.hpp"

namespace runbook::http {

class ConnectionBody : public BodyReader {
 public:
  ConnectionBody(TimedStream& stream, std::string& input, RequestParser& parser, const ServerTimes& times);

  boost::asio::awaitable<Result<std::string>> read(std::size_t limit) override;

  // What the handler left unread is so little that reading it is cheaper than a new connection.
  bool worth_discarding() const;
  boost::asio::awaitable<bool> discard();  // true when the connection stands before its next request

 private:
  boost::asio::awaitable<bool> invite();
  TimedStream::Clock::time_point deadline() const;

  TimedStream& stream_;
  std::string& input_;
  RequestParser& parser_;
  const ServerTimes& times_;
  TimedStream::Clock::time_point started_{};
  bool asked_ = false;
  bool broken_ = false;
};

}  // namespace runbook::http
