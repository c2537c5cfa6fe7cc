#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/integration/agent/runner_fixture.hpp"

namespace runbook::runner {
namespace {

using std::chrono_literals::operator""ms;

class RunnerOutput : public RunnerTest {};

TEST_P(RunnerOutput, IsKeptByteForByteWhateverTheBytes) {
  const auto done = run(script(R"(printf '\377\376\000\001\r\nx\200'; printf 'no newline' >&2)"));
  EXPECT_EQ(done.seen->out, std::string("\377\376\000\001\r\nx\200", 8));
  EXPECT_EQ(done.seen->err, "no newline");
  EXPECT_TRUE(done.seen->ending->output_drained);
}

TEST_P(RunnerOutput, OfOneLineOfAMebibyteIsWhole) {
  const auto done = run(script("head -c 1048576 /dev/zero | tr '\\000' x"));
  EXPECT_EQ(done.seen->out, std::string(1048576, 'x'));
}

TEST_P(RunnerOutput, OfBothStreamsIsKeptApart) {
  const auto done = run(script("for i in 1 2 3; do echo out $i; echo err $i >&2; done"));
  EXPECT_EQ(done.seen->out, "out 1\nout 2\nout 3\n");
  EXPECT_EQ(done.seen->err, "err 1\nerr 2\nerr 3\n");
}

TEST_P(RunnerOutput, IsNotReadWithoutRoomAndLosesNothing) {
  Command command = script("seq 1 200000");
  const auto running = start(std::move(command));
  Recorder& seen = *running.seen;
  seen.room_left = 1000;
  seen.on_output = [&] {
    if (seen.room_left > 0) return;
    EXPECT_EQ(seen.out.size() % 1000, 0U);
    // Room comes back in a later turn, as it does with acknowledgements.
    boost::asio::post(io_, [&seen, process = running.process] {
      seen.room_left = 1000;
      process->read_on();
    });
  };
  finish();
  std::string expected;
  for (int i = 1; i <= 200000; ++i) expected += fmt::format("{}\n", i);
  EXPECT_EQ(seen.out, expected);
}

TEST_P(RunnerOutput, LeftInThePipeAtTheEndIsReadOnceThereIsRoom) {
  settings_.output_drain = 1ms;
  const auto running = start(script("head -c 50000 /dev/zero"));
  Recorder& seen = *running.seen;
  seen.room_left = 0;
  boost::asio::steady_timer drain_is_over(io_, 100ms);
  drain_is_over.async_wait([&](const boost::system::error_code&) {
    EXPECT_FALSE(seen.over());
    seen.room_left = 100000;
    running.process->read_on();
  });
  finish();
  EXPECT_EQ(seen.out.size(), 50000U);
  EXPECT_EQ(seen.ending->exit_code, 0);
  EXPECT_TRUE(seen.ending->output_drained);
}

TEST_P(RunnerOutput, EndsWhenTheMainProcessEndsEvenIfAChildKeepsThePipe) {
  const auto done = run(script("echo first; sleep 1000 & echo last"));
  EXPECT_EQ(done.seen->out, "first\nlast\n");
  ASSERT_TRUE(done.seen->ending);
  EXPECT_EQ(done.seen->ending->cause, EndCause::kExit);
  EXPECT_EQ(done.seen->ending->exit_code, 0);
  EXPECT_FALSE(done.seen->ending->output_drained);
  EXPECT_EQ(done.seen->ending->leftovers, 0);
  EXPECT_TRUE(survivors(done.attempt).empty());
}

TEST_P(RunnerOutput, MayBeClosedByACommandThatGoesOn) {
  const auto done = run(script("echo bye; exec >&- 2>&-; read x < /dev/null; exit 3"));
  EXPECT_EQ(done.seen->out, "bye\n");
  EXPECT_EQ(done.seen->ending->exit_code, 3);
  EXPECT_TRUE(done.seen->ending->output_drained);
}

TEST_P(RunnerOutput, OfManyCommandsAtOnceNeverMixes) {
  std::vector<Running> all;
  for (int i = 0; i < 64; ++i) {
    all.push_back(
        start(script(fmt::format("i=0; while [ $i -lt 300 ]; do echo pattern-{0}-$i; echo error-{0} >&2; "
                                 "i=$((i+1)); done; exit {0}",
                                 i))));
  }
  finish();
  for (int i = 0; i < 64; ++i) {
    std::string out;
    std::string err;
    for (int line = 0; line < 300; ++line) {
      out += fmt::format("pattern-{}-{}\n", i, line);
      err += fmt::format("error-{}\n", i);
    }
    const Recorder& seen = *all[static_cast<std::size_t>(i)].seen;
    EXPECT_EQ(seen.out, out);
    EXPECT_EQ(seen.err, err);
    EXPECT_EQ(seen.ending->exit_code, i);
  }
}

INSTANTIATE_TEST_SUITE_P(Trees, RunnerOutput, testing::Values(TreeKind::kCgroup, TreeKind::kSweep),
                         [](const auto& kind) {
                           return kind.param == TreeKind::kCgroup ? "Cgroup" : "Sweep";
                         });

}  // namespace
}  // namespace runbook::runner
