// What people do to an execution: approvals bound to what runs, pause, skip, retry; one after the other under
// concurrent callers.
#include <boost/asio/co_spawn.hpp>

#include <random>

#include "db/parameters.hpp"
#include "protocol/messages/dispatch_digest.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

using Words = std::vector<std::string>;

constexpr auto kTwo = R"([
  {"name": "One", "type": "command", "config": {"command": "1"}},
  {"name": "Two", "type": "command", "config": {"command": "2"}}])";

class ControlTest : public EngineTest {
 protected:
  ControlTest() {
    add_agent("web1");
    add_agent("web2");
  }

  Uuid begin(const Uuid& runbook, std::vector<std::string> hosts = {"web1"}, std::string approval = "each") {
    auto asked = request(runbook, std::move(hosts));
    asked.approval = std::move(approval);
    const auto accepted = call(engine().execute(asked, origin()));
    if (!accepted) throw std::runtime_error("not accepted: " + accepted.error().message);
    return accepted->execution;
  }

  std::string digest(const Uuid& execution, const std::string& slug) {
    return column(execution, slug, "approval->>'digest'");
  }

  // For whoever reads a failure.
  std::string describe(const Uuid& execution) {
    std::string text;
    for (const auto& row : sql("SELECT s.slug, s.status, a.host, a.status, a.dispatched_at, "
                               "e.stop_requested_at FROM execution e "
                               "JOIN execution_step s ON s.job_id = e.id LEFT JOIN attempt a ON a.step_id = "
                               "s.id WHERE e.id = '" +
                               execution.str() + "' ORDER BY s.\"order\", a.host")) {
      for (const auto& field : row) text += db::optional_text(field).value_or("-") + " ";
      text += "\n";
    }
    return text;
  }

  Result<engine::Accepted> approve(const Uuid& execution, const std::string& slug, const Uuid& by) {
    return control(execution, domain::Approve{step_of(execution, slug), digest(execution, slug)}, by);
  }
};

TEST_F(ControlTest, EachCommandWaitsForItsApproval) {
  start();
  const auto execution = begin(add_runbook(kTwo), {"web1", "web2"});
  wait_for(execution, "awaiting_approval");
  EXPECT_EQ(step_statuses(execution), (Words{"awaiting_approval", "pending"}));
  EXPECT_EQ(digest(execution, "one").size(), 64u);
  EXPECT_TRUE(fleet.runs().empty());
  const auto wrong = control(execution, domain::Approve{step_of(execution, "one"), std::string(64, '0')});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, ErrorCode::kConflict);
  ASSERT_TRUE(approve(execution, "one", person));
  run_until_stored([&] { return column(execution, "two", "status") == "awaiting_approval"; });
  EXPECT_EQ(fleet.runs().size(), 2u);
  ASSERT_TRUE(approve(execution, "two", person));
  wait_for(execution, "completed");
  EXPECT_EQ(column(execution, "one", "approval->'given'->0->>'by'"), person.str());
}

TEST_F(ControlTest, TheDigestIsThatOfWhatIsSent) {
  start();
  const auto execution = begin(add_runbook(kTwo), {"web1", "web2"});
  wait_for(execution, "awaiting_approval");
  const auto shown = digest(execution, "one");
  ASSERT_TRUE(approve(execution, "one", person));
  run_until([&] { return fleet.runs().size() == 2; });
  const auto version = db::uuid(sql("SELECT version_id FROM execution")[0][0]);
  std::map<std::string, std::string> leaves;
  for (const auto& run : fleet.runs()) {
    const auto host = run.environment.at("RUNBOOK_HOST");
    DispatchLeaf leaf;
    leaf.agent = db::uuid(sql("SELECT id FROM agent WHERE name = '" + host + "'")[0][0]);
    leaf.argv = run.argv;
    leaf.script = run.script;
    leaf.environment = run.environment;
    leaf.run_as = run.run_as;
    leaf.working_directory = run.working_directory;
    leaves[host] = leaf_digest(leaf);
  }
  EXPECT_EQ(root_digest(execution, version, step_of(execution, "one"), {leaves["web1"], leaves["web2"]}),
            shown);
}

TEST_F(ControlTest, WhatWasChangedAfterItsApprovalIsNotSent) {
  start();
  const auto execution = begin(add_runbook(kTwo));
  wait_for(execution, "awaiting_approval");
  sql("UPDATE execution_step SET frozen = '{\"script\": \"rm -rf /\", \"values\": {}, \"environment\": {}}' "
      "WHERE slug = 'one'");
  ASSERT_TRUE(approve(execution, "one", person));
  wait_for(execution, "failed");
  EXPECT_TRUE(fleet.runs().empty());
  EXPECT_EQ(step_statuses(execution), (Words{"error", "skipped"}));
  EXPECT_EQ(column(execution, "one", "reason"), "what would run is not what was approved");
}

TEST_F(ControlTest, ARejectionEndsTheExecution) {
  start();
  const auto execution = begin(add_runbook(kTwo));
  wait_for(execution, "awaiting_approval");
  ASSERT_TRUE(control(execution, domain::Reject{step_of(execution, "one"), "not today"}));
  wait_for(execution, "stopped");
  EXPECT_EQ(step_statuses(execution), (Words{"stopped", "skipped"}));
  EXPECT_NE(column(execution, "one", "reason").find("not today"), std::string::npos);
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(ControlTest, AnotherPersonMustApproveWhereTheBlockSaysSo) {
  start();
  const auto bob = add_person("Bob");
  const auto execution = begin(add_runbook(R"([{"name": "One", "type": "command",
    "config": {"command": "1", "approval": {"required": 1, "other_person": true}}}])"),
                               {"web1"}, "preapproved");
  wait_for(execution, "awaiting_approval");
  const auto own = approve(execution, "one", person);
  ASSERT_FALSE(own.has_value());
  EXPECT_EQ(own.error().code, ErrorCode::kForbidden);
  ASSERT_TRUE(approve(execution, "one", bob));
  wait_for(execution, "completed");
}

TEST_F(ControlTest, TwoApprovalsTakeTwoPeople) {
  start();
  const auto bob = add_person("Bob");
  const auto execution = begin(add_runbook(R"([{"name": "One", "type": "command",
    "config": {"command": "1", "approval": {"required": 2}}}])"));
  wait_for(execution, "awaiting_approval");
  ASSERT_TRUE(approve(execution, "one", person));
  const auto again = approve(execution, "one", person);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(fleet.runs().empty());
  ASSERT_TRUE(approve(execution, "one", bob));
  wait_for(execution, "completed");
}

TEST_F(ControlTest, AnApprovalThatComesTooLateStopsTheExecution) {
  start();
  const auto execution = begin(add_runbook(R"([{"name": "One", "type": "command",
    "config": {"command": "1", "approval": {"required": 1, "expires_seconds": 3600}}}])"));
  wait_for(execution, "awaiting_approval");
  crash();
  sql("UPDATE execution_step SET approval = jsonb_set(approval::jsonb, '{expires_at}', "
      "'\"2020-01-01T00:00:00Z\"')::json");
  start();
  wait_for(execution, "stopped");
  EXPECT_NE(column(execution, "one", "reason").find("nobody approved"), std::string::npos);
}

TEST_F(ControlTest, APauseLetsCommandsEndAndStartsNothing) {
  script = [](const RunCommand& command) { return Script{.hangs = command.script == "1"}; };
  start();
  const auto execution = begin(add_runbook(kTwo), {"web1"}, "preapproved");
  run_until([&] { return fleet.runs().size() == 1; });
  const auto paused = control(execution, domain::Pause{});
  ASSERT_TRUE(paused.has_value());
  EXPECT_EQ(paused->status, "paused");
  EXPECT_FALSE(control(execution, domain::Pause{}).has_value());
  fleet.finish_all();
  run_until_stored([&] { return column(execution, "one", "status") == "success"; });
  run_handlers(20);
  EXPECT_EQ(status_of(execution), "paused");
  EXPECT_EQ(step_statuses(execution), (Words{"success", "pending"}));
  EXPECT_EQ(fleet.runs().size(), 1u);
  crash();
  start();
  run_until_stored([&] { return !sql("SELECT lease_owner FROM execution")[0][0].is_null(); });
  run_handlers(20);
  EXPECT_EQ(fleet.runs().size(), 1u);
  ASSERT_TRUE(control(execution, domain::Resume{}));
  wait_for(execution, "completed");
  EXPECT_EQ(fleet.runs().size(), 2u);
}

TEST_F(ControlTest, AStepCanBeSkippedWhileItWaits) {
  start();
  const auto execution = begin(add_runbook(R"([
    {"name": "Wait", "type": "timer", "config": {"seconds": 3000}},
    {"name": "One", "type": "command", "config": {"command": "1"}}])"));
  run_until_stored([&] { return column(execution, "wait", "status") == "running"; });
  ASSERT_TRUE(control(execution, domain::Skip{step_of(execution, "wait"), "no time"}));
  wait_for(execution, "awaiting_approval");
  ASSERT_TRUE(control(execution, domain::Skip{step_of(execution, "one"), "not needed"}));
  wait_for(execution, "completed");
  EXPECT_EQ(step_statuses(execution), (Words{"skipped", "skipped"}));
  EXPECT_EQ(column(execution, "one", "skip_cause"), "person");
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(ControlTest, AFailedStepIsRetriedOnTheFailedHostsAndTheRestFollows) {
  bool broken = true;
  script = [&broken](const RunCommand& command) {
    return Script{.exit_code = broken && command.environment.at("RUNBOOK_HOST") == "web2" ? 1 : 0};
  };
  start();
  const auto execution = begin(add_runbook(kTwo), {"web1", "web2"}, "preapproved");
  wait_for(execution, "failed");
  EXPECT_EQ(step_statuses(execution), (Words{"error", "skipped"}));
  EXPECT_TRUE(sql("SELECT lease_owner FROM execution")[0][0].is_null());
  broken = false;
  const auto retried = control(execution, domain::Retry{step_of(execution, "one")});
  ASSERT_TRUE(retried.has_value()) << retried.error().message;
  EXPECT_EQ(retried->status, "running");
  wait_for(execution, "completed");
  EXPECT_EQ(step_statuses(execution), (Words{"error", "success", "success"}));
  EXPECT_EQ(column(execution, "one", "attempt"), "2");
  EXPECT_EQ(outcomes(step_of(execution, "one")).size(), 1u);
  EXPECT_EQ(fleet.runs().size(), 5u);
  EXPECT_FALSE(control(execution, domain::Retry{step_of(execution, "one")}).has_value());
}

TEST_F(ControlTest, EventsOfControlsAreNumberedWithoutHoles) {
  start();
  const auto execution = begin(add_runbook(kTwo));
  wait_for(execution, "awaiting_approval");
  ASSERT_TRUE(control(execution, domain::Pause{}));
  ASSERT_TRUE(approve(execution, "one", person));
  ASSERT_TRUE(control(execution, domain::Resume{}));
  run_until_stored([&] { return column(execution, "two", "status") == "awaiting_approval"; });
  ASSERT_TRUE(control(execution, domain::Stop{}));
  run_until([&] { return ended(execution); });
  std::int64_t expected = 1;
  for (const auto& [seq, event] : observer.events[execution]) EXPECT_EQ(seq, expected++);
  EXPECT_EQ(db::integer(sql("SELECT seq FROM execution")[0][0]), expected - 1);
}

// Calls controls without waiting for one before the next.
class ConcurrentControlTest : public ControlTest {
 protected:
  void call_at_once(const Uuid& execution, domain::Control what) {
    ++open_;
    boost::asio::co_spawn(io(), one(execution, std::move(what)), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
  }

  domain::Control any_control(const std::vector<Uuid>& steps, bool may_stop) {
    const auto step = steps[random_() % steps.size()];
    switch (random_() % 6) {
      case 0: return domain::Resume{};
      case 1: return domain::Complete{step, "done"};
      case 2: return domain::Skip{step, "why not"};
      case 3: return domain::Approve{step, digest_of(step)};
      case 4:
        if (may_stop) return domain::Stop{};
        break;
      default: break;
    }
    return domain::Pause{};
  }

  void run_a_little() {
    for (auto n = random_() % 8; n > 0; --n) io().run_one_for(std::chrono::milliseconds{1});
  }

  int open_ = 0;
  std::optional<std::size_t> sent_at_stop_;  // how many commands had been sent when a stop was confirmed

 private:
  boost::asio::awaitable<void> one(Uuid execution, domain::Control what) {
    const bool is_stop = std::holds_alternative<domain::Stop>(what);
    const domain::Actor actor{.person = person,
                              .name = "x",
                              .reach = domain::Reach::everything(),
                              .approves_any = domain::Reach::everything()};
    const auto done = co_await engine().control(execution, std::move(what), actor, origin());
    if (!done) {
      EXPECT_EQ(done.error().code, ErrorCode::kConflict) << done.error().message;
    } else if (is_stop && !sent_at_stop_) {
      sent_at_stop_ = fleet.runs().size();
    }
    --open_;
  }

  std::string digest_of(const Uuid& step) {
    const auto rows = sql("SELECT approval->>'digest' FROM execution_step WHERE id = '" + step.str() + "'");
    return db::optional_text(rows[0][0]).value_or("");
  }

  std::mt19937 random_{20'26};
};

// Every answer is one of an order, and after a stop was confirmed nothing is dispatched.
TEST_F(ConcurrentControlTest, ControlsAtOnceAreServedOneAfterTheOther) {
  constexpr int kExecutions = 12;
  constexpr int kCalls = 40;
  script = [](const RunCommand&) { return Script{.output = {{Stream::kStdout, "x"}}}; };
  start();
  const auto runbook = add_runbook(R"([
    {"name": "A", "type": "command", "config": {"command": "1"}},
    {"name": "B", "type": "instruction", "config": {"text": "x"}},
    {"name": "C", "type": "command", "config": {"command": "2", "rollout": {"max_parallel": 1}}},
    {"name": "D", "type": "timer", "config": {"seconds": 1000}},
    {"name": "E", "type": "command", "config": {"command": "3"}}])");
  for (int round = 0; round < kExecutions; ++round) {
    SCOPED_TRACE(round);
    sent_at_stop_.reset();
    const auto execution = begin(runbook, {"web1", "web2"}, round % 2 == 0 ? "each" : "preapproved");
    const auto steps = step_ids(execution);
    for (int i = 0; i < kCalls; ++i) {
      call_at_once(execution, any_control(steps, i > kCalls / 2));
      run_a_little();
    }
    call_at_once(execution, domain::Stop{});
    run_until([&] { return open_ == 0; });
    run_until_stored([&] { return ended_stored(execution); });
    const auto late =
        sql("SELECT count(*) FROM attempt a JOIN execution e ON e.id = a.job_id "
            "WHERE a.dispatched_at > e.stop_requested_at");
    EXPECT_EQ(db::integer(late[0][0]), 0) << "dispatched after a confirmed stop";
    // What was committed as dispatched before the stop may still be on its way to its two agents.
    if (sent_at_stop_) EXPECT_LE(fleet.runs().size(), *sent_at_stop_ + 2) << describe(execution);
    EXPECT_EQ(fleet.repeated_runs(), 0u);
    run_until([&] { return fleet.open_attempts() == 0; });
  }
}

}  // namespace
}  // namespace runbook::testing
