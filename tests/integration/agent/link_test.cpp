// The agent's link against a controller in the same thread, over real TLS, with real commands.
#include "agent/connection/link.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <random>
#include <string>

#include "agent/connection/dead_man_switch.hpp"
#include "agent/connection/host_facts.hpp"
#include "agent/policy/dispatch_guard.hpp"
#include "agent/runner/local_runner.hpp"
#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/agent/fake_controller.hpp"
#include "tests/support/altered_dispatch.hpp"

namespace runbook::connection {
namespace {

namespace asio = boost::asio;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;

Time now() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

class LinkTest : public ::testing::Test {
 protected:
  ~LinkTest() override {
    link_.close();
    stop_watch_.emit(asio::cancellation_type::terminal);
    tasks_end();
    disk_.join();
  }

  LinkSettings settings(const certs::FleetAuthority& fleet) {
    const auto key = certs::make_signing_request("test");
    const auto issued = fleet.issue_agent(key.csr_pem, agent_, now()).value();
    LinkSettings result;
    result.controller = parse_address(controller_.url()).value();
    result.tls = certs::agent_link(issued.pem, key.key_pem, authority_.certificate_pem());
    result.hello = facts_;
    result.random_unit = [] { return 0.0; };  // no pause before dialling again
    return result;
  }

  // Runs everything until `done`; fails after a minute.
  template <class F>
  void run_until(const F& done) {
    const auto limit = std::chrono::steady_clock::now() + 1min;
    io_.restart();
    while (!done() && std::chrono::steady_clock::now() < limit) io_.run_one_for(1s);
    EXPECT_TRUE(done());
  }

  void start() {
    asio::co_spawn(io_, link_.run(), [this](const std::exception_ptr&) { ended_ = true; });
    started_ = true;
  }
  void start_watch() {
    watching_ = true;
    asio::co_spawn(io_, dead_man_switch_.run(),
                   asio::bind_cancellation_slot(stop_watch_.slot(),
                                                [this](const std::exception_ptr&) { watching_ = false; }));
  }
  void tasks_end() {
    attempts_.shut_down(0s);
    if (started_) run_until([this] { return ended_; });
    run_until([this] { return !watching_; });
    bool idle = false;
    asio::co_spawn(io_, runner_.wait(), [&idle](const std::exception_ptr&) { idle = true; });
    run_until([&idle] { return idle; });
  }

  Uuid order(std::string script, std::optional<std::chrono::seconds> stop_after = {}) {
    RunCommand run;
    run.stop_after = stop_after;
    run.attempt = runtime::new_uuid();
    run.argv = {"/bin/sh", "-c"};
    run.script = std::move(script);
    run.timeout = 60s;
    run.stop_grace = 1s;
    run.expires_at = now() + 30s;
    controller_.send(run);
    return run.attempt;
  }
  Judge judge() {
    return [this](const RunCommand& run) {
      const policy::DispatchGuard guard(DispatchVerifier::of(controller_.dispatch_key.public_key()).value(),
                                        {agent_, facts_.incarnation}, policy_, runner::own_account().name);
      return guard(run);
    };
  }
  bool finished(const Uuid& attempt) { return controller_.stored[attempt].finished.has_value(); }

  certs::FleetAuthority authority_ = certs::FleetAuthority::create();
  asio::io_context io_{1};
  FakeController controller_{io_, authority_};
  runtime::BlockingPool disk_{1, 65536};
  std::unique_ptr<runner::ProcessTrees> trees_ = runner::sweep_trees();
  runner::LocalRunner runner_{io_.get_executor(), disk_, *trees_, {}};
  BootTime boot_{0};
  const Uuid agent_ = runtime::new_uuid();
  const Hello facts_ = host_facts();
  policy::HostPolicy policy_ = {};
  Attempts attempts_{runner_, {}, {now, [this] { return boot_; }}, judge(), [this] {
                       link_.wake();
                       dead_man_switch_.wake();
                     }};
  DeadManSwitch dead_man_switch_{io_.get_executor(), attempts_};
  Link link_{io_.get_executor(), settings(authority_), attempts_, [] {}};
  asio::cancellation_signal stop_watch_;
  bool watching_ = false;
  bool started_ = false;
  bool ended_ = false;
};

std::string numbers(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += fmt::format("{}\n", i);
  return text;
}

TEST_F(LinkTest, RunsACommandAndReportsIt) {
  start();
  run_until([&] { return link_.state().connected; });
  const Uuid attempt = order("echo out; echo err >&2; exit 3");
  run_until([&] { return attempts_.empty() && finished(attempt); });
  const auto& stored = controller_.stored[attempt];
  EXPECT_EQ(stored.started, 1);
  EXPECT_EQ(stored.out, "out\n");
  EXPECT_EQ(stored.err, "err\n");
  EXPECT_EQ(stored.finished->exit_code, 3);
  EXPECT_FALSE(controller_.hello->boot_id.empty());
  EXPECT_EQ(controller_.hello->agent_version, RUNBOOK_VERSION);
}

TEST_F(LinkTest, LosesAndDoublesNothingWhenItIsCutDuringOutput) {
  start();
  run_until([&] { return link_.state().connected; });
  std::mt19937 random(1);
  int cuts = 0;
  int frames = 0;
  int next_cut = 5;
  controller_.on_frame = [&] {
    if (++frames < next_cut || cuts >= 40) return;
    ++cuts;
    next_cut = frames + 1 + static_cast<int>(random() % 12);
    controller_.cut();
  };
  const Uuid attempt = order("seq 1 3000000 & seq 1 300000 >&2; wait");
  run_until([&] { return attempts_.empty() && finished(attempt); });
  const auto& stored = controller_.stored[attempt];
  EXPECT_EQ(cuts, 40);
  EXPECT_EQ(controller_.connections, 41);
  EXPECT_TRUE(stored.out == numbers(3000000));
  EXPECT_TRUE(stored.err == numbers(300000));
  Sha256 hash;
  hash.update(stored.out);
  EXPECT_EQ(stored.finished->stdout_sha256, hash.hex());
  EXPECT_EQ(stored.finished->stdout_bytes, stored.out.size());
}

TEST_F(LinkTest, KeepsAResultThatFellIntoACut) {
  start();
  run_until([&] { return link_.state().connected; });
  bool cut = false;
  controller_.on_frame = [&] {
    if (!cut) controller_.cut();
    cut = true;
  };
  const Uuid attempt = order("echo done");
  run_until([&] { return attempts_.empty() && finished(attempt); });
  EXPECT_EQ(controller_.stored[attempt].out, "done\n");
  EXPECT_EQ(controller_.connections, 2);
}

TEST_F(LinkTest, StopsACommandWhileItPrintsAsFastAsItCan) {
  start();
  run_until([&] { return link_.state().connected; });
  std::optional<Uuid> attempt;
  bool stopped = false;
  controller_.on_frame = [&] {
    if (stopped || controller_.stored[*attempt].out.size() < 5'000'000) return;
    stopped = true;
    controller_.send(StopCommand{*attempt, 1s});
  };
  attempt = order("yes");
  run_until([&] { return attempts_.empty() && finished(*attempt); });
  const auto& stored = controller_.stored[*attempt];
  EXPECT_EQ(stored.finished->cause, EndCause::kStop);
  EXPECT_EQ(stored.finished->stdout_bytes, stored.out.size());
  EXPECT_EQ(stored.finished->leftovers, 0);
}

// The whole tree is ended while nobody is there; who comes back is told why.
TEST_F(LinkTest, EndsACommandThatIsNotToRunLongWithoutAController) {
  start();
  start_watch();
  run_until([&] { return link_.state().connected; });
  const Uuid other = order("sleep 1000");
  const Uuid attempt = order("trap 'echo bye' TERM; sleep 1000 & echo ready; wait; wait", 30s);
  run_until([&] { return controller_.stored[attempt].out == "ready\n"; });
  controller_.welcomes = false;
  controller_.cut();
  run_until([&] { return !link_.state().connected && controller_.connections > 1; });
  boot_ += 30s;
  run_until([&] { return attempts_.running() == 1; });
  controller_.welcomes = true;
  controller_.cut();
  run_until([&] { return finished(attempt); });
  EXPECT_FALSE(finished(other));
  controller_.send(StopCommand{other, 1s});
  run_until([&] { return finished(other); });
  const auto& stored = controller_.stored[attempt];
  EXPECT_EQ(stored.finished->cause, EndCause::kStop);
  EXPECT_EQ(stored.finished->reason, "stopped by the agent: no controller for 30 s");
  EXPECT_EQ(stored.finished->leftovers, 0);
  EXPECT_EQ(stored.out, "ready\nbye\n");
  EXPECT_EQ(controller_.stored[other].finished->reason, "");
}

TEST_F(LinkTest, SaysThatItsCertificateIsRefused) {
  controller_.refuses_everyone = true;
  start();
  run_until(
      [&] { return link_.state().reason.find("refuses this agent's certificate") != std::string::npos; });
  EXPECT_FALSE(link_.state().connected);
}

TEST_F(LinkTest, OfAnotherFleetIsRefusedInTheHandshake) {
  const auto other = certs::FleetAuthority::create();
  bool ended = false;
  Link stranger(io_.get_executor(), settings(other), attempts_, [] {});
  asio::co_spawn(io_, stranger.run(), [&ended](const std::exception_ptr&) { ended = true; });
  run_until(
      [&] { return stranger.state().reason.find("refuses this agent's certificate") != std::string::npos; });
  stranger.close();
  run_until([&] { return ended; });
}

// Everything a proxy with the TLS keys can do to a command: nothing of it is started, and the controller is
// told.
TEST_F(LinkTest, RunsNothingThatWasAlteredOnItsWay) {
  start();
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  const auto command = [] {
    RunCommand run = testing::full_command();
    run.attempt = runtime::new_uuid();
    run.run_as = runner::own_account().name;
    run.expires_at = now() + 30s;
    return run;
  };
  int refused = 0;
  for (const auto& alteration : testing::alterations()) {
    Uuid sent;
    controller_.alter = [&](RunCommand& run) {
      alteration.alter(run);
      sent = run.attempt;
    };
    controller_.send(command());
    run_until([&] { return controller_.stored[sent].refused || controller_.stored[sent].finished; });
    const auto& stored = controller_.stored[sent];
    EXPECT_EQ(stored.started, 0) << alteration.field;
    ASSERT_TRUE(stored.refused) << alteration.field;
    EXPECT_EQ(stored.refused->code, "bad_signature") << alteration.field;
    ++refused;
  }
  EXPECT_GE(refused, 35);
  controller_.alter = nullptr;
  const auto unaltered = command();
  controller_.send(unaltered);
  run_until([&] { return finished(unaltered.attempt); });
  EXPECT_EQ(controller_.stored[unaltered.attempt].finished->exit_code, 0);
  EXPECT_EQ(controller_.stored[unaltered.attempt].out, "a b\n");
}

// Signed by the controller's key, but another command than the one its leaf was computed of.
TEST_F(LinkTest, RunsNothingThatIsNotWhatItIsBoundTo) {
  start();
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  controller_.alter = [&](RunCommand& run) {
    run.script = "true";
    controller_.dispatch_key.sign(run, {agent_, facts_.incarnation});
  };
  const auto attempt = order("echo approved");
  run_until([&] { return controller_.stored[attempt].refused.has_value(); });
  EXPECT_EQ(controller_.stored[attempt].refused->code, "bad_digest");
  EXPECT_EQ(controller_.stored[attempt].started, 0);
}

TEST_F(LinkTest, RunsNothingOfAnotherAgentOrAnEarlierProcess) {
  start();
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  const std::vector<DispatchTarget> others = {{runtime::new_uuid(), facts_.incarnation},
                                              {agent_, runtime::new_uuid()}};
  for (const auto& other : others) {
    controller_.alter = [&](RunCommand& run) {
      run.leaf = leaf_digest(leaf_of(run, other.agent));
      controller_.dispatch_key.sign(run, other);
    };
    const auto attempt = order("true");
    run_until([&] { return controller_.stored[attempt].refused.has_value(); });
    EXPECT_EQ(controller_.stored[attempt].refused->code, "bad_signature");
  }
}

TEST_F(LinkTest, RunsARecordedCommandOnce) {
  start();
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  std::optional<RunCommand> recorded;
  controller_.alter = [&](RunCommand& run) { recorded = run; };
  const auto attempt = order("echo once");
  run_until([&] { return finished(attempt); });
  auto& stored = controller_.stored[attempt];
  controller_.send(*recorded);
  run_until([&] { return stored.refused.has_value(); });
  EXPECT_EQ(stored.refused->code, "replayed");
  EXPECT_EQ(stored.started, 1);
  EXPECT_EQ(stored.out, "once\n");
}

TEST_F(LinkTest, RunsNothingTheHostsPolicyForbids) {
  policy_.read_only = true;
  policy_.file = "agent.yaml";
  start();
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  const auto attempt = order("true");
  run_until([&] { return controller_.stored[attempt].refused.has_value(); });
  EXPECT_EQ(controller_.stored[attempt].refused->code, "policy");
  EXPECT_EQ(controller_.stored[attempt].refused->reason,
            "The policy of this host (agent.yaml) is read-only: no command runs here.");
}

}  // namespace
}  // namespace runbook::connection
