// Session: one connection to a controller, from Hello until it ends. I/O thread; lives inside run().
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "agent/connection/attempts.hpp"
#include "agent/runner/wakeup.hpp"
#include "protocol/messages/control.hpp"
#include "protocol/runtime/task_group.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::connection {

// How a connection went.
struct SessionEnd {
  bool welcomed = false;
  bool served = false;                      // the controller did more than welcome: it works
  std::string reason;                       // for the log
  std::optional<std::uint16_t> close_code;  // of the controller's close frame
};

class Session {
 public:
  using Welcomed = std::function<void(const Welcome&)>;
  Session(boost::asio::any_io_executor executor, transport::WebSocketChannel channel, Attempts& attempts);

  // Says Hello and serves the connection. `welcomed` is called once the controller has answered.
  boost::asio::awaitable<SessionEnd> run(Hello hello, Welcomed welcomed);

  void wake() { wakeup_.notify(); }  // there may be something to send
  void close();                      // after everything queued was sent

 private:
  boost::asio::awaitable<void> converse(Hello hello, Welcomed welcomed);
  boost::asio::awaitable<void> send();
  bool take(const transport::WebSocketMessage& message);
  void refuse(std::string_view why);
  BootTime unheard_before_end() const;

  transport::WebSocketChannel channel_;
  Attempts& attempts_;
  runner::Wakeup wakeup_;
  bool welcomed_ = false;
  bool served_ = false;
  runtime::TaskGroup tasks_;
};

}  // namespace runbook::connection
