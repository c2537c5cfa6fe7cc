#include "agent/connection/session.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "protocol/messages/limits.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::connection {

namespace asio = boost::asio;

namespace {

// Enough to keep the socket busy, little enough that a stop's answer does not queue behind much output.
constexpr std::size_t kOutboxFull = 512 * 1024;
constexpr std::size_t kOutboxLow = 256 * 1024;

using Received = std::optional<transport::WebSocketMessage>;

}  // namespace

Session::Session(asio::any_io_executor executor, transport::WebSocketChannel channel, Attempts& attempts)
    : channel_(std::move(channel)), attempts_(attempts), wakeup_(executor), tasks_(executor, "session") {}

asio::awaitable<SessionEnd> Session::run(Hello hello, Welcomed welcomed) {
  tasks_.spawn("writer", channel_.write_loop());
  std::exception_ptr fault;
  try {
    co_await converse(std::move(hello), std::move(welcomed));
  } catch (...) {
    fault = std::current_exception();
  }
  attempts_.disconnected(unheard_before_end());
  SessionEnd end;
  end.welcomed = welcomed_;
  end.served = served_;
  end.reason = channel_.end_reason();
  end.close_code = channel_.peer_close_code();
  co_await tasks_.stop();
  if (fault) std::rethrow_exception(fault);
  co_return end;
}

// A link that was cut without a word was gone before it was found dead; one that was closed, was not: between
// two pings nothing is heard on a good link either.
BootTime Session::unheard_before_end() const {
  const auto silent = channel_.silent_for();
  return silent > 2 * limits::kPingInterval ? std::chrono::duration_cast<BootTime>(silent) : BootTime(0);
}

asio::awaitable<void> Session::converse(Hello hello, Welcomed welcomed) {
  channel_.push({false, encode(AgentMessage(std::move(hello)))});
  const auto first = co_await runtime::with_deadline(channel_.read(), limits::kPeerDeadAfter);
  if (!first || !*first) co_return;
  const auto answer = decode_controller_message((**first).data);
  if ((**first).binary || !answer || !std::holds_alternative<Welcome>(*answer)) {
    refuse("the first message has to be welcome");
  } else {
    welcomed_ = true;
    attempts_.welcomed(std::get<Welcome>(*answer));
    welcomed(std::get<Welcome>(*answer));
    tasks_.spawn("sender", send());
  }
  for (bool open = true; open;) {
    const Received message = co_await channel_.read();
    open = message.has_value();
    if (open && welcomed_ && !take(*message)) welcomed_ = false;
  }
}

// False when the controller does not keep to the protocol; the connection is then closing.
bool Session::take(const transport::WebSocketMessage& message) {
  if (message.binary) {
    refuse("unexpected binary message");
    return false;
  }
  const auto decoded = decode_controller_message(message.data);
  if (!decoded) {
    refuse(decoded.error().message);
    return false;
  }
  served_ = true;
  if (const auto* run = std::get_if<RunCommand>(&*decoded)) attempts_.handle(*run);
  if (const auto* stop = std::get_if<StopCommand>(&*decoded)) attempts_.handle(*stop);
  if (const auto* ack = std::get_if<Ack>(&*decoded)) attempts_.handle(*ack);
  if (const auto* close = std::get_if<Close>(&*decoded)) attempts_.handle(*close);
  return true;
}

void Session::refuse(std::string_view why) {
  runtime::log_warning({}, fmt::format("the controller sent what cannot be understood: {}", why));
  channel_.close(transport::CloseCode::kProtocolError, why);
}

asio::awaitable<void> Session::send() {
  while (true) {
    bool open = true;
    while (open && channel_.outbox_bytes() < kOutboxFull) {
      auto message = attempts_.next();
      if (!message) break;
      open = channel_.push(std::move(*message));
    }
    if (open && channel_.outbox_bytes() >= kOutboxFull) {
      open = co_await channel_.drained_below(kOutboxLow);
    } else if (open) {
      co_await wakeup_.wait();
    }
    if (!open) co_return;
  }
}

void Session::close() { channel_.close(transport::CloseCode::kGoingAway, "the agent is being stopped"); }

}  // namespace runbook::connection
