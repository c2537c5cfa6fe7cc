// Link: keeps one connection to the controller, for as long as the agent runs. Reconnects with growing,
// jittered pauses; after a refusal of the agent's certificate slowly, because only a person can mend that.
// I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "agent/connection/address.hpp"
#include "agent/connection/attempts.hpp"
#include "agent/connection/session.hpp"
#include "agent/runner/wakeup.hpp"
#include "protocol/transport/reconnect.hpp"

namespace runbook::connection {

struct LinkSettings {
  ControllerAddress controller;
  transport::SslContext tls;
  Hello hello;  // without attempts
  std::function<double()> random_unit;
  std::chrono::milliseconds stable_after{1000};  // so long a life resets the pauses, as being served does
  std::chrono::milliseconds refused_pause{60'000};
};

struct LinkState {
  bool connected = false;
  Time since{};
  std::string reason;  // why not connected, for a person
};

class Link {
 public:
  // `changed` is called when state() changed.
  Link(boost::asio::any_io_executor executor, LinkSettings settings, Attempts& attempts,
       std::function<void()> changed);

  boost::asio::awaitable<void> run();  // until close() was called and the connection has ended

  // Called with each Welcome.
  void on_welcome(Session::Welcomed welcomed) { welcomed_ = std::move(welcomed); }

  void wake();   // there may be something to send
  void close();  // ends the connection once everything queued was sent; does not dial again
  // The next connection presents and trusts this; the present one stays.
  void use(transport::SslContext tls) { settings_.tls = std::move(tls); }
  const LinkState& state() const { return state_; }

 private:
  enum class Outcome { kEnded, kStable, kRefused };
  boost::asio::awaitable<Outcome> connect_once();
  boost::asio::awaitable<std::unique_ptr<transport::WebSocketChannel>> open_channel();
  boost::asio::awaitable<Outcome> serve(transport::WebSocketChannel channel);
  boost::asio::awaitable<void> pause(std::chrono::milliseconds length);
  void set_state(bool connected, std::string reason);

  boost::asio::any_io_executor executor_;
  LinkSettings settings_;
  Attempts& attempts_;
  std::function<void()> changed_;
  Session::Welcomed welcomed_;
  transport::Backoff backoff_;
  runner::Wakeup pause_;
  Session* session_ = nullptr;  // the present one, inside serve()
  bool closing_ = false;
  LinkState state_;
};

}  // namespace runbook::connection
