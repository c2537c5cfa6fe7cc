// RealFleet: controllers as they are, with their engine, hub and agent listener over TLS, on one database and
// in the test's own thread; and agents that say what the test wants.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/connection/renewal.hpp"
#include "certs/authority.hpp"
#include "controller/engine/engine.hpp"
#include "controller/fleet/agent_hub.hpp"
#include "controller/fleet/enrolment.hpp"
#include "controller/fleet/renewal.hpp"
#include "controller/http/server.hpp"
#include "controller/metrics/metrics.hpp"
#include "protocol/transport/websocket_channel.hpp"
#include "tests/integration/engine/fake_api.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::testing {

class QuietObserver final : public engine::ExecutionObserver {
 public:
  bool watched(const Uuid&) const override { return false; }
  void changed(const Uuid&, std::int64_t, std::string_view, const boost::json::object&) override {}
  void output(const engine::CommittedOutput&) override {}
};

struct Controller {
  // `port` 0: one that is free.
  Controller(boost::asio::io_context& io, const std::string& database_url,
             const certs::FleetAuthority& authority, const audit::Audit& audit, unsigned short port);
  std::string url() const;
  boost::asio::awaitable<void> stop();

  const Uuid instance;
  db::Database database;
  metrics::Metrics metrics;
  QuietObserver observer;
  FakeApi api;
  std::unique_ptr<fleet::AgentHub> hub;
  std::unique_ptr<engine::Engine> engine;
  fleet::Enrolment enrolment;
  fleet::Renewal renewal;
  http::Server server;
};

// An agent's side of the link, spoken by the test.
class TestAgent {
 public:
  Uuid id;
  std::string name;
  connection::AgentCertificate certificate;
  Uuid incarnation;

  // False: the TLS or WebSocket handshake did not come about.
  boost::asio::awaitable<bool> connect(std::string url);
  Hello hello() const;
  boost::asio::awaitable<std::optional<Welcome>> greet(std::string url);  // connect, hello, welcome
  void say(const AgentMessage& message) { say_text(encode(message)); }
  void say_text(std::string text);
  void say_bytes(std::string bytes);
  // Nothing: the link has ended.
  boost::asio::awaitable<std::optional<ControllerMessage>> hear();
  boost::asio::awaitable<std::optional<RunCommand>> hear_run();
  // Reads on until the link ends; false when it did not within `limit`.
  boost::asio::awaitable<bool> cut_within(std::chrono::milliseconds limit);
  std::optional<std::uint16_t> close_code() const { return channel_->peer_close_code(); }
  void leave() { channel_.reset(); }

 private:
  boost::asio::awaitable<void> read_to_the_end();

  std::shared_ptr<transport::WebSocketChannel> channel_;
};

class RealFleet : public PostgresTest {
 protected:
  RealFleet();
  ~RealFleet() override;

  Controller& start_controller() { return start_controller(authority); }
  Controller& start_controller(const certs::FleetAuthority& trusted, unsigned short port = 0);
  void stop_controllers();

  // An agent as enrolment leaves it, with a certificate of `issued` ago.
  TestAgent add_agent(const std::string& name, std::chrono::hours issued = std::chrono::hours{0});
  Uuid add_runbook(const std::string& blocks);
  // Starts it on the hosts, approved in advance; the execution's id.
  Uuid execute(Controller& controller, const Uuid& runbook, std::vector<std::string> hosts);

  void run_until(const std::function<bool()>& done, std::chrono::seconds patience = std::chrono::seconds{20});
  template <class T>
  T call(boost::asio::awaitable<T> task);
  void call(boost::asio::awaitable<void> task);

  std::string status_of_attempt(const Uuid& attempt);
  std::int64_t count(const std::string& query) { return sql(query)[0][0].as<std::int64_t>(); }

  const TestAudit audit_;
  const Uuid person;
  certs::FleetAuthority authority = certs::FleetAuthority::create();
  boost::asio::io_context io{1};
  std::vector<std::unique_ptr<Controller>> controllers;
};

template <class T>
T RealFleet::call(boost::asio::awaitable<T> task) {
  std::optional<T> value;
  auto wrapped = [](boost::asio::awaitable<T> inner, std::optional<T>& into) -> boost::asio::awaitable<void> {
    into.emplace(co_await std::move(inner));
  };
  call(wrapped(std::move(task), value));
  return std::move(value.value());
}

}  // namespace runbook::testing
