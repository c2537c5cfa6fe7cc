#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "tests/integration/agent/runner_fixture.hpp"

namespace runbook::runner {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""min;

class RunnerEnd : public RunnerTest {
 protected:
  // Starts `text`, stops it when it printed "ready", and expects that nothing of it is left.
  Running stop_when_ready(std::string text, std::chrono::milliseconds grace) {
    const auto running = start(script(std::move(text)));
    stop_at(running, "ready", grace);
    finish();
    EXPECT_TRUE(running.seen->ending);
    if (running.seen->ending) {
      EXPECT_EQ(running.seen->ending->cause, EndCause::kStop);
      EXPECT_EQ(running.seen->ending->leftovers, 0);
    }
    EXPECT_TRUE(survivors(running.attempt).empty());
    return running;
  }
};

TEST_P(RunnerEnd, HasTheExitCode) {
  for (const int code : {0, 1, 2, 126, 127, 128, 255}) {
    const auto done = run(script("exit " + std::to_string(code)));
    ASSERT_TRUE(done.seen->ending);
    EXPECT_EQ(done.seen->ending->cause, EndCause::kExit);
    EXPECT_EQ(done.seen->ending->exit_code, code);
    EXPECT_FALSE(done.seen->ending->signal);
  }
}

TEST_P(RunnerEnd, NamesTheSignalNobodyAskedFor) {
  for (const int number : {SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGSEGV, SIGPIPE, SIGUSR1}) {
    const auto done = run(script("kill -" + std::to_string(number) + " $$"));
    ASSERT_TRUE(done.seen->ending);
    EXPECT_EQ(done.seen->ending->cause, EndCause::kSignal);
    EXPECT_EQ(done.seen->ending->signal, number);
    EXPECT_FALSE(done.seen->ending->exit_code);
  }
}

TEST_P(RunnerEnd, ByStopIsTermFirst) {
  const auto done =
      stop_when_ready("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done", 1min);
  EXPECT_EQ(done.seen->out, "ready\nbye\n");
  EXPECT_EQ(done.seen->ending->exit_code, 7);
}

TEST_P(RunnerEnd, ByStopIsKillAfterTheGrace) {
  const auto done = stop_when_ready("trap '' TERM; echo ready; while :; do sleep 1000; done", 50ms);
  EXPECT_EQ(done.seen->ending->signal, SIGKILL);
}

TEST_P(RunnerEnd, ByASecondStopComesSooner) {
  const auto running = start(script("trap '' TERM; echo ready; while :; do sleep 1000; done"));
  running.seen->on_output = [&running] {
    running.process->stop(1min);
    running.process->stop(0ms);
  };
  finish();
  EXPECT_EQ(running.seen->ending->signal, SIGKILL);
}

TEST_P(RunnerEnd, ByStopReachesABackgroundChild) {
  stop_when_ready("sleep 1000 & sleep 1000 & echo ready; wait", 1min);
}

TEST_P(RunnerEnd, ByStopReachesAChildThatIgnoresTerm) {
  stop_when_ready("(trap '' TERM; echo ready; while :; do sleep 1000; done) & wait", 50ms);
}

TEST_P(RunnerEnd, ByStopReachesAChildInASessionOfItsOwn) {
  stop_when_ready("setsid sh -c 'echo ready; exec sleep 1000' & wait", 1min);
}

TEST_P(RunnerEnd, ByStopReachesADaemonThatForkedTwice) {
  stop_when_ready("(setsid sh -c '(trap \"\" TERM; echo ready; exec sleep 1000) >&3 &' &) 3>&1; sleep 1000",
                  50ms);
}

TEST_P(RunnerEnd, ByStopReachesADaemonWithoutTheCookie) {
  const auto running = start(
      script("(env -i setsid sh -c 'echo $$; echo ready; exec sleep 1000' &); while :; do sleep 0.01; done"));
  stop_at(running, "ready", 1min);
  finish();
  const int stray = std::stoi(running.seen->out);
  EXPECT_EQ(running.seen->ending->leftovers, 0);
  EXPECT_NE(::kill(stray, 0), 0);
}

TEST_P(RunnerEnd, ByStopWakesAStoppedProcess) {
  stop_when_ready("sh -c 'echo ready; kill -STOP $$'; echo never", 1min);
}

TEST_P(RunnerEnd, ByStopEndsAProcessThatForksAllTheTime) {
  stop_when_ready("trap '' TERM; echo ready; while :; do (trap '' TERM; sleep 1000) & sleep 0.005; done",
                  100ms);
}

TEST_P(RunnerEnd, ByTimeoutSaysSo) {
  Command command = script("echo on; exec sleep 1000");
  command.timeout = 100ms;
  command.stop_grace = 1min;
  const auto done = run(std::move(command));
  EXPECT_EQ(done.seen->ending->cause, EndCause::kTimeout);
  EXPECT_EQ(done.seen->ending->signal, SIGTERM);
  EXPECT_TRUE(survivors(done.attempt).empty());
}

TEST_P(RunnerEnd, ByTimeoutKillsAfterTheGrace) {
  Command command = script("trap '' TERM; while :; do sleep 1000; done");
  command.timeout = 100ms;
  command.stop_grace = 50ms;
  const auto done = run(std::move(command));
  EXPECT_EQ(done.seen->ending->cause, EndCause::kTimeout);
  EXPECT_EQ(done.seen->ending->signal, SIGKILL);
}

TEST_P(RunnerEnd, LeavesNoDaemonBehind) {
  const auto done = run(script("setsid sleep 1000 >/dev/null 2>&1 & (sleep 1000 >/dev/null 2>&1 &); exit 4"));
  EXPECT_EQ(done.seen->ending->exit_code, 4);
  EXPECT_EQ(done.seen->ending->leftovers, 0);
  EXPECT_EQ(done.seen->ending->ended_with_it, 2);
  EXPECT_TRUE(done.seen->ending->output_drained);
  EXPECT_TRUE(survivors(done.attempt).empty());
}

TEST_P(RunnerEnd, SaysNothingOfBackgroundProcessesThatHadEnded) {
  const auto done = run(script("sleep 0 & wait; exit 0"));
  EXPECT_EQ(done.seen->ending->ended_with_it, 0);
}

TEST_P(RunnerEnd, ByStopCountsNoneAsEndedWithIt) {
  const auto done = stop_when_ready("sleep 1000 & echo ready; wait", 1min);
  EXPECT_EQ(done.seen->ending->ended_with_it, 0);
}

TEST_P(RunnerEnd, OfOneCommandLeavesTheOthersAlone) {
  const auto other = start(script("sleep 1000 & echo ready; wait"));
  const auto first = start(script("sleep 1000 >/dev/null 2>&1 & exit 0"));
  bool first_over = false;
  const auto stop_other = [&] {
    if (!first_over || other.seen->out.empty()) return;
    EXPECT_FALSE(other.seen->over());
    EXPECT_EQ(survivors(other.attempt).size(), 2U);
    other.process->stop(1min);
  };
  other.seen->on_output = stop_other;
  first.seen->on_over = [&] {
    first_over = true;
    EXPECT_TRUE(survivors(first.attempt).empty());
    stop_other();
  };
  finish();
  EXPECT_EQ(other.seen->ending->cause, EndCause::kStop);
}

INSTANTIATE_TEST_SUITE_P(Trees, RunnerEnd, testing::Values(TreeKind::kCgroup, TreeKind::kSweep),
                         [](const auto& kind) {
                           return kind.param == TreeKind::kCgroup ? "Cgroup" : "Sweep";
                         });

}  // namespace
}  // namespace runbook::runner
