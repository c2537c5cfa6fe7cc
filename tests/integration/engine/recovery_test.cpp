// The controller is lost at any moment and another one goes on: nothing is begun twice, requests that may not
// be repeated are not, and it takes less than five seconds.
#include <boost/asio/co_spawn.hpp>

#include "db/parameters.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kMoments = 2;  // handlers between the moments of two crashes

// Every type, in one run that needs nobody.
constexpr auto kAllTypes = R"([
  {"name": "Read", "type": "instruction", "config": {"text": "${{ execution.title }}", "acknowledge": false}},
  {"name": "First", "type": "command", "config": {"command": "1"}},
  {"name": "Ask", "type": "api",
   "config": {"url": "http://example.com/${{ execution.version_number }}", "retries": 10}},
  {"name": "Choose", "type": "condition",
   "config": {"expression": "steps.ask.json.go", "then": {"goto": "wait"}}},
  {"name": "Over", "type": "command", "config": {"command": "never"}},
  {"name": "Wait", "type": "timer", "config": {"until": "2020-01-01T00:00:00Z"}},
  {"name": "Last", "type": "command", "when": "steps.over.status == 'skipped'",
   "config": {"command": "echo ${{ steps.ask.json.go }}", "rollout": {"max_parallel": 1}}}])";

class RecoveryTest : public EngineTest {
 protected:
  RecoveryTest() {
    api.answer = [](const domain::ApiRequest&) { return answered(200, R"({"go": true})"); };
    script = [](const RunCommand&) { return Script{.output = {{Stream::kStdout, "out\n"}}}; };
    add_agent("web1");
    add_agent("web2");
  }

  void expect_whole(const Uuid& execution) {
    EXPECT_EQ(status_of(execution), "completed");
    EXPECT_EQ(step_statuses(execution),
              (Words{"success", "success", "success", "success", "skipped", "success", "success"}));
    EXPECT_EQ(column(execution, "last", "attempt"), "1");
    for (const auto& [place, attempts] : fleet.started()) EXPECT_EQ(attempts.size(), 1u) << "started twice";
    for (const auto& run : fleet.runs()) EXPECT_NE(run.script, "never");
  }
};

TEST_F(RecoveryTest, ARunOfEveryTypeGoesOnAfterACrashAtAnyMoment) {
  const auto runbook = add_runbook(kAllTypes);
  for (std::size_t moment = 0;; moment += kMoments) {
    SCOPED_TRACE(moment);
    start();
    const auto execution = execute(runbook, {"web1", "web2"});
    run_handlers(moment);
    if (ended(execution)) {
      EXPECT_GT(moment, 30u);
      return;
    }
    crash();
    start();
    run_until_stored([&] { return ended_stored(execution); });
    expect_whole(execution);
    run_until([&] { return fleet.open_attempts() == 0; });
    crash();
    if (HasFailure()) return;
  }
}

TEST_F(RecoveryTest, ALostRequestIsMadeAgainOnlyWhenItMayBe) {
  for (const bool repeatable : {true, false}) {
    SCOPED_TRACE(repeatable);
    start();
    api.hangs = true;
    const auto before = api.requests.size();
    const auto execution = execute(add_runbook(R"([{"name": "Ask", "type": "api", "config": {"method": "POST",
      "url": "http://example.com/", "idempotent": )" +
                                               std::string(repeatable ? "true" : "false") + "}}]"),
                                   {});
    run_until([&] { return api.requests.size() == before + 1; });
    crash();
    api.hangs = false;
    start();
    run_until_stored([&] { return ended_stored(execution); });
    EXPECT_EQ(status_of(execution), repeatable ? "completed" : "failed");
    EXPECT_EQ(column(execution, "ask", "status"), repeatable ? "success" : "unknown");
    EXPECT_EQ(api.requests.size(), before + (repeatable ? 2 : 1));
    EXPECT_EQ(column(execution, "ask", "json_array_length(tries)"), repeatable ? "2" : "1");
    crash();
  }
}

TEST_F(RecoveryTest, AnotherControllerTakesOverWithinFiveSeconds) {
  script = [](const RunCommand& command) {
    return Script{.output = {{Stream::kStdout, "x"}}, .hangs = command.script == "1"};
  };
  start();
  start_other();
  const auto execution = execute(add_runbook(R"([
    {"name": "One", "type": "command", "config": {"command": "1"}},
    {"name": "Two", "type": "command", "config": {"command": "2"}}])"),
                                 {"web1", "web2"});
  run_until([&] { return fleet.runs().size() == 2 && observer.pieces.size() == 2; });
  const auto owner = db::text(sql("SELECT lease_owner FROM execution")[0][0]);
  kill_first();
  const auto killed = std::chrono::steady_clock::now();
  run_until_stored([&] {
    return db::optional_text(sql("SELECT lease_owner FROM execution")[0][0]).value_or(owner) != owner;
  });
  EXPECT_LT(std::chrono::steady_clock::now() - killed, std::chrono::seconds{5});
  fleet.finish_all();
  wait_for(execution, "completed");
  EXPECT_EQ(fleet.runs().size(), 4u);
  for (const auto& [place, attempts] : fleet.started()) EXPECT_EQ(attempts.size(), 1u);
}

TEST_F(RecoveryTest, AControlAtAnotherControllerIsHeardByTheOneThatCarries) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  start_other();
  const auto execution = execute(add_runbook(R"([
    {"name": "One", "type": "command", "config": {"command": "1"}},
    {"name": "Two", "type": "command", "config": {"command": "2"}}])"),
                                 {"web1"});
  run_until([&] { return fleet.runs().size() == 1; });
  const domain::Actor actor{.person = person, .name = "Ada", .reach = domain::Reach::everything()};
  EXPECT_TRUE(call(other_engine().control(execution, domain::Stop{}, actor, origin())));
  wait_for(execution, "stopped");
  EXPECT_EQ(fleet.runs().size(), 1u);
}

TEST_F(RecoveryTest, ALateResultChangesTheStepAndNotTheExecution) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto agent = db::uuid(sql("SELECT id FROM agent WHERE name = 'web1'")[0][0]);
  const auto execution =
      execute(add_runbook(R"([{"name": "One", "type": "command", "config": {"command": "1"}}])"), {"web1"});
  run_until([&] { return fleet.runs().size() == 1; });
  // Revoked while its result waits for output that never comes: what is lost overtakes it.
  Finished finished;
  finished.attempt = fleet.runs()[0].attempt;
  finished.exit_code = 0;
  finished.stdout_bytes = 10;
  engine().finished(agent, finished);
  auto revoke = [](engine::Engine& engine, Uuid revoked) -> boost::asio::awaitable<bool> {
    co_await engine.agent_revoked(revoked);
    co_return true;
  };
  call(revoke(engine(), agent));
  wait_for(execution, "failed");
  EXPECT_EQ(step_statuses(execution), Words{"unknown"});
}

TEST_F(RecoveryTest, AStopThatWasGivenUpReachesTheAgentWhenItIsBack) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto agent = db::uuid(sql("SELECT id FROM agent WHERE name = 'web1'")[0][0]);
  const auto execution =
      execute(add_runbook(R"([{"name": "One", "type": "command", "config": {"command": "1"}}])"), {"web1"});
  const auto step = step_of(execution, "one");
  run_until_stored([&] { return outcomes(step)["web1"].status == "running"; });
  fleet.disconnect(agent);
  EXPECT_TRUE(control(execution, domain::Stop{}));
  sql("UPDATE execution SET stop_requested_at = now() - interval '2 hours', seq = seq + 1");
  wait_for(execution, "stopped");
  EXPECT_EQ(outcomes(step)["web1"].status, "unknown");
  fleet.connect(agent);
  run_until_stored([&] { return outcomes(step)["web1"].status == "stopped"; });
  run_until_stored([&] { return step_statuses(execution) == Words{"stopped"}; });
  EXPECT_EQ(status_of(execution), "stopped");
}

// What one run takes with a thousand blocks, and that nothing in it grows with their square.
TEST_F(RecoveryTest, AThousandBlocksRunToTheirEnd) {
  std::string blocks = "[";
  for (int i = 0; i < 1000; ++i) {
    blocks += i == 0 ? "" : ",";
    blocks += R"({"name": "B)" + std::to_string(i) +
              R"(", "type": "instruction", "config": {"text": "x", "acknowledge": false}})";
  }
  start();
  const auto begin = std::chrono::steady_clock::now();
  const auto execution = execute(add_runbook(blocks + "]"), {});
  run_until([&] { return ended(execution); });
  const auto took = std::chrono::steady_clock::now() - begin;
  RecordProperty("milliseconds",
                 static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  EXPECT_EQ(status_of(execution), "completed");
  EXPECT_EQ(db::integer(sql("SELECT count(*) FROM execution_step WHERE status = 'success'")[0][0]), 1000);
}

}  // namespace
}  // namespace runbook::testing
