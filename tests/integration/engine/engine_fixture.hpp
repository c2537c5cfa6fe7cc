// A controller's engine on a database of its own, with a fake fleet: started, crashed and started again by
// the test.
#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/engine/engine.hpp"
#include "controller/metrics/metrics.hpp"
#include "tests/integration/engine/fake_api.hpp"
#include "tests/integration/engine/fake_fleet.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::testing {

// Keeps what it is told, by execution and number.
class RecordingObserver final : public engine::ExecutionObserver {
 public:
  struct Event {
    std::string kind;
    boost::json::object data;
  };

  bool watched(const Uuid&) const override { return true; }
  void changed(const Uuid& execution, std::int64_t seq, std::string_view event,
               const boost::json::object& data) override {
    EXPECT_TRUE(events[execution].emplace(seq, Event{std::string(event), data}).second)
        << "number " << seq << " twice";
  }
  void output(const engine::CommittedOutput& piece) override { pieces.push_back(piece); }

  std::map<Uuid, std::map<std::int64_t, Event>> events;
  std::vector<engine::CommittedOutput> pieces;
};

class EngineTest : public PostgresTest {
 protected:
  explicit EngineTest();
  ~EngineTest() override;

  // One life of a controller. Crashing leaves its leases to run out, as SIGKILL does.
  void start();
  void crash();  // and lets the leases run out at once
  void stop();   // gives everything back
  // A second controller on the same database, beside the first; the fleet stays with the first.
  void start_other();
  // SIGKILL of the first controller: its leases stay until they run out, its agents turn to the other.
  void kill_first();

  engine::Engine& engine() { return *life_->engine; }
  engine::Engine& other_engine() { return *other_->engine; }
  boost::asio::io_context& io() { return life_->io; }
  db::Database& life_database() { return *life_->database; }

  // Runs handlers until `done`; fails the test after a while.
  void run_until(const std::function<bool()>& done);
  // The same for what only the database tells: asked less often.
  void run_until_stored(const std::function<bool()>& done);
  bool run_handlers(std::size_t count);  // false: nothing happened for a while
  template <class T>
  T call(boost::asio::awaitable<T> task);

  Uuid add_agent(const std::string& name);
  Uuid add_runbook(const std::string& blocks, const std::string& parameters = "[]");  // JSON arrays
  engine::ExecuteRequest request(const Uuid& runbook, std::vector<std::string> hosts) const;
  Uuid execute(const Uuid& runbook, std::vector<std::string> hosts);

  Uuid add_person(const std::string& name);
  Result<engine::Accepted> control(const Uuid& execution, domain::Control what);  // by `person`
  Result<engine::Accepted> control(const Uuid& execution, domain::Control what, const Uuid& by);

  std::string status_of(const Uuid& execution);
  bool ended(const Uuid& execution);         // as it was published
  bool ended_stored(const Uuid& execution);  // as it is stored
  std::vector<std::string> step_statuses(const Uuid& execution);
  std::vector<Uuid> step_ids(const Uuid& execution);
  // A column of the newest row of a block, "" when null.
  std::string column(const Uuid& execution, const std::string& slug, const std::string& name);
  Uuid step_of(const Uuid& execution, const std::string& slug);
  void wait_for(const Uuid& execution, const std::string& status);  // as it is stored
  // Status and both streams, of every attempt of a step, by host.
  struct Outcome {
    std::string status;
    std::string standard_output;
    std::string standard_error;
    bool complete = false;
    bool operator==(const Outcome&) const = default;
  };
  std::map<std::string, Outcome> outcomes(const Uuid& step);

  store::Origin origin() const { return audit_.origin(); }

  Uuid person;
  const DispatchKey dispatch_key = DispatchKey::create();
  std::function<Script(const RunCommand&)> script = [](const RunCommand&) { return Script{}; };
  FakeFleet fleet{[this](const RunCommand& command) { return script(command); }};
  RecordingObserver observer;
  FakeApi api;
  domain::CommandPolicy policy;  // of the next controller

 private:
  struct Life {
    boost::asio::io_context io;
    std::unique_ptr<db::Database> database;
    metrics::Metrics metrics;
    std::unique_ptr<engine::Engine> engine;
  };
  std::unique_ptr<Life> make_life();
  static void end(std::unique_ptr<Life>& life);

  const TestAudit audit_;
  std::unique_ptr<Life> life_;
  std::unique_ptr<Life> other_;
};

template <class T>
T EngineTest::call(boost::asio::awaitable<T> task) {
  std::optional<T> value;
  auto wrapped = [](boost::asio::awaitable<T> inner, std::optional<T>& into) -> boost::asio::awaitable<void> {
    into = co_await std::move(inner);
  };
  boost::asio::co_spawn(io(), wrapped(std::move(task), value), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  run_until([&value] { return value.has_value(); });
  return std::move(value.value());
}

}  // namespace runbook::testing
