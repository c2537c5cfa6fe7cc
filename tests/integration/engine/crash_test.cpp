// The controller is taken away at many moments and comes back: the run completes, nothing is started twice,
// and every byte is there.
#include "db/parameters.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

constexpr std::size_t kMoments = 5;  // handlers between the moments of two crashes

constexpr auto kThreeCommands = R"([
  {"name": "First", "type": "command", "config": {"command": "1"}},
  {"name": "Second", "type": "command", "config": {"command": "2", "rollout": {"max_parallel": 1}}},
  {"name": "Third", "type": "command", "config": {"command": "3"}}])";

std::string output_of(const RunCommand& command, int part) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += command.script + "/" + command.environment.at("RUNBOOK_HOST") + "/" + std::to_string(part) + "/" +
            std::to_string(i) + "\n";
  }
  return text;
}

class CrashTest : public EngineTest {
 protected:
  CrashTest() {
    script = [](const RunCommand& command) {
      return Script{.output = {{Stream::kStdout, output_of(command, 0)},
                               {Stream::kStderr, output_of(command, 1)},
                               {Stream::kStdout, output_of(command, 2)}}};
    };
    add_agent("web1");
    add_agent("web2");
    runbook = add_runbook(kThreeCommands);
  }

  void expect_whole(const Uuid& execution) {
    EXPECT_EQ(status_of(execution), "completed");
    EXPECT_EQ(step_statuses(execution), (std::vector<std::string>{"success", "success", "success"}));
    for (const auto& [place, attempts] : fleet.started()) EXPECT_EQ(attempts.size(), 1u) << "started twice";
    const auto steps = step_ids(execution);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const auto& [host, outcome] : outcomes(steps[i])) {
        RunCommand command;
        command.script = std::to_string(i + 1);
        command.environment["RUNBOOK_HOST"] = host;
        EXPECT_EQ(outcome.status, "success");
        EXPECT_EQ(outcome.standard_output, output_of(command, 0) + output_of(command, 2));
        EXPECT_EQ(outcome.standard_error, output_of(command, 1));
        EXPECT_TRUE(outcome.complete);
      }
    }
  }

  Uuid runbook;
};

TEST_F(CrashTest, ARunGoesOnAfterACrashAtAnyMoment) {
  // From the request on, until the run is over before the crash.
  for (std::size_t moment = 0;; moment += kMoments) {
    SCOPED_TRACE(moment);
    start();
    const auto execution = execute(runbook, {"web1", "web2"});
    run_handlers(moment);
    if (ended(execution)) {
      RecordProperty("handlers", static_cast<int>(moment));
      EXPECT_GT(moment, 60u);
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

TEST_F(CrashTest, ARunGoesOnAfterManyCrashes) {
  start();
  const auto execution = execute(runbook, {"web1", "web2"});
  for (std::size_t moment = 5; moment < 60; moment += 4) {
    run_handlers(moment);
    crash();
    start();
  }
  run_until_stored([&] { return ended_stored(execution); });
  expect_whole(execution);
}

TEST_F(CrashTest, AStopIsRememberedOverACrash) {
  script = [](const RunCommand&) { return Script{.output = {{Stream::kStdout, "x"}}, .hangs = true}; };
  for (std::size_t moment = 0; moment < 24; moment += 3) {
    SCOPED_TRACE(moment);
    start();
    const auto execution = execute(runbook, {"web1", "web2"});
    run_until_stored([&] { return status_of(execution) == "running"; });
    const auto runs = fleet.runs().size();
    ASSERT_TRUE(control(execution, domain::Stop{}).has_value());
    run_handlers(moment);
    crash();
    start();
    run_until_stored([&] { return ended_stored(execution); });
    EXPECT_EQ(status_of(execution), "stopped");
    EXPECT_LE(fleet.runs().size(), runs + 2) << "something was started after the stop";
    run_until([&] { return fleet.open_attempts() == 0; });
    crash();
  }
}

TEST_F(CrashTest, LeasesAreGivenBackAtStopAndTakenAtOnce) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto execution = execute(runbook, {"web1"});
  run_until([&] { return fleet.runs().size() == 1; });
  stop();
  EXPECT_TRUE(sql("SELECT lease_owner FROM execution")[0][0].is_null());
  EXPECT_EQ(status_of(execution), "running");
  start();
  run_until([&] { return !sql("SELECT lease_owner FROM execution")[0][0].is_null(); });
  ASSERT_TRUE(control(execution, domain::Stop{}).has_value());
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "stopped");
  EXPECT_EQ(fleet.runs().size(), 1u);
}

TEST_F(CrashTest, AControllerWhoseLeaseWasTakenChangesNothing) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto execution = execute(runbook, {"web1"});
  run_until([&] { return fleet.runs().size() == 1; });
  sql("UPDATE execution SET lease_owner = gen_random_uuid(), lease_until = now() + interval '1 hour', "
      "stop_requested_at = now()");
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{2'500};
  run_until([&] { return std::chrono::steady_clock::now() > until; });
  EXPECT_EQ(status_of(execution), "running");
  EXPECT_EQ(step_statuses(execution)[0], "running");
}

}  // namespace
}  // namespace runbook::testing
