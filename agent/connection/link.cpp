#include "agent/connection/link.hpp"

#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <exception>
#include <utility>

#include "agent/connection/dial.hpp"
#include "certs/authority.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::connection {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::string_view kRefused =
    "the controller refuses this agent's certificate (it was revoked, has expired or is of another fleet); "
    "enrol "
    "the agent again";

Time wall_clock() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

// Waiting for the rest of a minute ± half of it, so that refused agents do not knock in step.
std::chrono::milliseconds spread(std::chrono::milliseconds length, double random_unit) {
  const double factor = 0.5 + random_unit;
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(length.count()) * factor));
}

std::string explain(const boost::system::error_code& error, const ControllerAddress& address) {
  if (is_certificate_refusal(error)) return std::string(kRefused);
  if (is_wrong_controller(error)) {
    return fmt::format("what answers at {} is not a controller of this agent's fleet", address.url);
  }
  return fmt::format("{} cannot be reached: {}", address.url, error.message());
}

}  // namespace

Link::Link(asio::any_io_executor executor, LinkSettings settings, Attempts& attempts,
           std::function<void()> changed)
    : executor_(executor),
      settings_(std::move(settings)),
      attempts_(attempts),
      changed_(std::move(changed)),
      backoff_(settings_.random_unit),
      pause_(executor) {
  state_.since = wall_clock();
}

asio::awaitable<void> Link::run() {
  while (!closing_) {
    const Outcome outcome = co_await connect_once();
    if (closing_) break;
    if (outcome == Outcome::kStable) backoff_.reset();
    const bool refused = outcome == Outcome::kRefused;
    const auto time = refused ? spread(settings_.refused_pause, settings_.random_unit()) : backoff_.next();
    co_await pause(time);
  }
}

asio::awaitable<Link::Outcome> Link::connect_once() {
  std::unique_ptr<transport::WebSocketChannel> channel;
  boost::system::error_code error;
  bool in_time = true;
  try {
    auto opened = co_await runtime::with_deadline(open_channel(), limits::kPeerDeadAfter);
    in_time = opened.has_value();
    if (in_time) channel = std::move(*opened);
  } catch (const boost::system::system_error& failed) {
    error = failed.code();
  }
  if (channel) co_return co_await serve(std::move(*channel));
  set_state(false, in_time ? explain(error, settings_.controller)
                           : fmt::format("{} does not answer", settings_.controller.url));
  co_return is_certificate_refusal(error) ? Outcome::kRefused : Outcome::kEnded;
}

asio::awaitable<std::unique_ptr<transport::WebSocketChannel>> Link::open_channel() {
  auto stream = co_await dial(settings_.controller, settings_.tls);
  auto channel =
      co_await transport::WebSocketChannel::connect(std::move(*stream), std::string(certs::kControllerName),
                                                    std::string(kAgentPath), std::string(kSubprotocol));
  co_return std::make_unique<transport::WebSocketChannel>(std::move(channel));
}

asio::awaitable<Link::Outcome> Link::serve(transport::WebSocketChannel channel) {
  Session session(executor_, std::move(channel), attempts_);
  session_ = &session;
  Hello hello = settings_.hello;
  hello.attempts = attempts_.reports();
  const auto begin = Clock::now();
  auto welcomed = [this](const Welcome& welcome) {
    set_state(true, {});
    if (welcomed_) welcomed_(welcome);
  };
  SessionEnd end;
  std::exception_ptr fault;
  try {
    end = co_await session.run(std::move(hello), welcomed);
  } catch (...) {
    fault = std::current_exception();
  }
  session_ = nullptr;
  const bool refused = end.close_code == static_cast<std::uint16_t>(transport::CloseCode::kPolicy);
  set_state(false, refused ? std::string(kRefused) : end.reason);
  if (fault) std::rethrow_exception(fault);
  if (refused) co_return Outcome::kRefused;
  const bool lived = Clock::now() - begin >= settings_.stable_after;
  const bool stable = end.welcomed && (end.served || lived);
  co_return stable ? Outcome::kStable : Outcome::kEnded;
}

asio::awaitable<void> Link::pause(std::chrono::milliseconds length) {
  const auto until = Clock::now() + length;
  while (!closing_ && Clock::now() < until) co_await pause_.wait_until(until);
}

void Link::set_state(bool connected, std::string reason) {
  const bool same = state_.connected == connected && state_.reason == reason;
  if (same) return;
  if (connected) {
    runtime::log_info({}, fmt::format("connected to {}", settings_.controller.url));
  } else if (!closing_) {
    runtime::log_warning({}, fmt::format("not connected: {}", reason));
  }
  if (state_.connected != connected) state_.since = wall_clock();
  state_.connected = connected;
  state_.reason = std::move(reason);
  changed_();
}

void Link::wake() {
  if (session_ != nullptr) session_->wake();
}

void Link::close() {
  closing_ = true;
  pause_.notify();
  if (session_ != nullptr) session_->close();
}

}  // namespace runbook::connection
