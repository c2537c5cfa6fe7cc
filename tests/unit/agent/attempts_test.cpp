#include "agent/connection/attempts.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/agent/fake_runner.hpp"

namespace runbook::connection {
namespace {

using runner::FakeRunner;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

constexpr Time kNow{std::chrono::hours(500'000)};

class AttemptsTest : public testing::Test {
 protected:
  static Uuid id(int number) {
    Uuid uuid;
    uuid.bytes[14] = static_cast<std::uint8_t>(number >> 8);
    uuid.bytes[15] = static_cast<std::uint8_t>(number);
    return uuid;
  }
  static RunCommand run(int number) {
    RunCommand command;
    command.attempt = id(number);
    command.argv = {"true"};
    command.stop_grace = 10s;
    command.expires_at = kNow + 30s;
    return command;
  }
  // Everything there is to send: the type of each control message, or "stdout 0 text" for output.
  std::vector<std::string> sent() {
    std::vector<std::string> result;
    while (const auto message = attempts_.next()) result.push_back(describe(*message));
    return result;
  }
  static std::string describe(const transport::WebSocketMessage& message) {
    if (message.binary) {
      const auto frame = decode_frame(message.data).value();
      return fmt::format("{} {} {}", to_string(frame.stream), frame.offset, frame.data);
    }
    const auto decoded = decode_agent_message(message.data).value();
    if (const auto* refused = std::get_if<Refused>(&decoded)) return "refused " + refused->code;
    if (std::holds_alternative<Started>(decoded)) return "started";
    return "finished";
  }
  using Sent = std::vector<std::string>;

  FakeRunner runner_;
  Time now_ = kNow;
  Judge judge_ = runner::allow_all;
  Attempts attempts_{runner_,
                     {.running = 2, .records = 6, .remembered = 3},
                     {[this] { return now_; }, [] { return BootTime(0); }},
                     [this](const RunCommand& command) { return judge_(command); },
                     [] {}};
};

TEST_F(AttemptsTest, SendNothingBeforeTheWelcome) {
  attempts_.handle(run(1));
  runner_.of(id(1)).events->started(7, kNow);
  attempts_.disconnected();
  EXPECT_EQ(sent(), Sent{});
  attempts_.welcomed({"", {{id(1), 0, 0}}, {}, {}});
  EXPECT_EQ(sent(), Sent{"started"});
}

TEST_F(AttemptsTest, TellStartOutputAndEndInThisOrder) {
  attempts_.welcomed({});
  attempts_.handle(run(1));
  EXPECT_EQ(sent(), Sent{});
  runner_.of(id(1)).events->started(7, kNow);
  runner_.of(id(1)).events->output(Stream::kStdout, "abc");
  runner_.end(id(1), 0);
  EXPECT_EQ(sent(), (Sent{"started", "stdout 0 abc", "finished"}));
  EXPECT_EQ(sent(), Sent{});
  attempts_.handle(Close{id(1)});
  EXPECT_TRUE(attempts_.empty());
}

TEST_F(AttemptsTest, StartEachIdOnceHoweverOftenItComes) {
  attempts_.welcomed({});
  for (int i = 0; i < 100; ++i) attempts_.handle(run(1));
  runner_.of(id(1)).events->started(7, kNow);
  runner_.end(id(1), 0);
  attempts_.handle(run(1));
  EXPECT_EQ(sent(), (Sent{"started", "finished"}));
  attempts_.handle(run(1));
  EXPECT_EQ(sent(), (Sent{"started", "finished"}));  // a copy is told again what is known
  attempts_.handle(Close{id(1)});
  attempts_.handle(run(1));
  EXPECT_EQ(sent(), Sent{"refused replayed"});
  EXPECT_EQ(sent(), Sent{});
  EXPECT_EQ(runner_.starts[id(1)], 1);
}

TEST_F(AttemptsTest, StartNothingThatWasForgottenAndCouldBeAReplay) {
  attempts_.welcomed({});
  for (int i = 1; i <= 4; ++i) {  // one over the three that are remembered
    attempts_.handle(run(i));
    runner_.of(id(i)).events->started(7, kNow);
    runner_.end(id(i), 0);
    attempts_.handle(Close{id(i)});
  }
  sent();
  attempts_.handle(run(1));
  EXPECT_EQ(sent(), Sent{"refused expired"});
  EXPECT_EQ(runner_.starts[id(1)], 1);
  auto newer = run(5);
  newer.expires_at += std::chrono::microseconds(1);
  attempts_.handle(newer);
  EXPECT_EQ(runner_.starts[id(5)], 1);
}

TEST_F(AttemptsTest, AskTheJudgeBeforeAnythingIsStarted) {
  attempts_.welcomed({});
  judge_ = [](const RunCommand& command) -> std::optional<runner::NotStarted> {
    if (command.attempt == id(1)) return runner::NotStarted{"bad_signature", "no"};
    return std::nullopt;
  };
  now_ = kNow + 1h;  // what is not signed is that, and not expired
  attempts_.handle(run(1));
  attempts_.handle(run(2));
  EXPECT_EQ(sent(), (Sent{"refused bad_signature", "refused expired"}));
  attempts_.handle(run(1));
  EXPECT_EQ(sent(), Sent{"refused bad_signature"});
  attempts_.handle(Close{id(1)});
  judge_ = runner::allow_all;
  now_ = kNow;
  attempts_.handle(run(1));  // once refused is refused for good
  EXPECT_EQ(sent(), Sent{"refused replayed"});
  EXPECT_TRUE(runner_.starts.empty());
}

TEST_F(AttemptsTest, RememberClosedIdsForABoundedWhile) {
  attempts_.welcomed({});
  for (int i = 1; i <= 4; ++i) attempts_.handle(Close{id(i)});
  attempts_.handle(run(4));
  EXPECT_EQ(runner_.starts.count(id(4)), 0U);
  attempts_.handle(run(1));  // one over the three that are remembered
  EXPECT_EQ(runner_.starts.count(id(1)), 1U);
}

TEST_F(AttemptsTest, RefuseWhatExpired) {
  attempts_.welcomed({});
  now_ = run(1).expires_at + limits::kClockDifference;
  attempts_.handle(run(1));
  EXPECT_EQ(runner_.starts.count(id(1)), 1U);
  now_ += std::chrono::microseconds(1);
  attempts_.handle(run(2));
  EXPECT_EQ(runner_.starts.count(id(2)), 0U);
  EXPECT_EQ(sent(), Sent{"refused expired"});
  now_ = kNow;
  attempts_.handle(run(2));  // refused once is refused for good
  EXPECT_EQ(sent(), Sent{"refused expired"});
}

Welcome welcome_at(Time time) {
  Welcome welcome;
  welcome.time = time;
  return welcome;
}

TEST_F(AttemptsTest, JudgeByTheControllersClockHoweverWrongTheirOwnIs) {
  for (const auto wrong : {-24h, 24h}) {
    FakeRunner runner;
    BootTime boot = 7s;
    Attempts attempts{
        runner, {}, {[&] { return kNow + wrong; }, [&boot] { return boot; }}, runner::allow_all, [] {}};
    attempts.welcomed(welcome_at(kNow));
    boot += 30s;
    attempts.handle(run(1));  // until kNow + 30 s
    EXPECT_EQ(runner.starts.count(id(1)), 1U);
    boot += std::chrono::microseconds(1);
    attempts.handle(run(2));
    EXPECT_EQ(runner.starts.count(id(2)), 0U);
  }
}

TEST_F(AttemptsTest, JudgeByTheSameTimeWhenTheHostsClockIsSet) {
  attempts_.welcomed(welcome_at(kNow));
  now_ += 24h;
  attempts_.handle(run(1));
  EXPECT_EQ(runner_.starts.count(id(1)), 1U);
}

TEST_F(AttemptsTest, TakeTheControllersClockAnewWithEachWelcome) {
  attempts_.welcomed(welcome_at(kNow));
  attempts_.disconnected();
  attempts_.welcomed(welcome_at(kNow + 31s));
  attempts_.handle(run(1));
  EXPECT_EQ(sent(), Sent{"refused expired"});
}

TEST_F(AttemptsTest, RefuseOneOverTheLimit) {
  attempts_.welcomed({});
  for (int i = 1; i <= 3; ++i) attempts_.handle(run(i));
  EXPECT_EQ(sent(), Sent{"refused limit"});
  EXPECT_EQ(attempts_.running(), 2U);
  for (int i = 4; i <= 7; ++i) attempts_.handle(run(i));
  EXPECT_EQ(attempts_.reports().size(), 6U);  // the seventh record is not kept
}

TEST_F(AttemptsTest, RefuseAStopThatCameBeforeItsCommand) {
  attempts_.welcomed({});
  attempts_.handle(StopCommand{id(1), 5s});
  attempts_.handle(run(1));
  EXPECT_EQ(sent(), Sent{"refused stopped"});
  EXPECT_EQ(runner_.starts.count(id(1)), 0U);
}

TEST_F(AttemptsTest, PassAStopOnWithItsGrace) {
  attempts_.welcomed({});
  attempts_.handle(run(1));
  attempts_.handle(StopCommand{id(1), 5s});
  EXPECT_EQ(runner_.of(id(1)).stops, std::vector<std::chrono::milliseconds>{5s});
}

TEST_F(AttemptsTest, SendRefusalsAgainUntilTheyAreClosed) {
  attempts_.welcomed({});
  attempts_.handle(StopCommand{id(1), 5s});
  EXPECT_EQ(sent(), Sent{"refused stopped"});
  attempts_.disconnected();
  attempts_.welcomed({});
  EXPECT_EQ(sent(), Sent{"refused stopped"});
  attempts_.disconnected();
  attempts_.welcomed({"", {}, {id(1)}, {}});
  EXPECT_EQ(sent(), Sent{});
  EXPECT_TRUE(attempts_.empty());
}

TEST_F(AttemptsTest, GoOnFromTheOffsetsOfTheWelcome) {
  attempts_.welcomed({});
  attempts_.handle(run(1));
  runner_.of(id(1)).events->started(7, kNow);
  runner_.of(id(1)).events->output(Stream::kStdout, "hello ");
  EXPECT_EQ(sent(), (Sent{"started", "stdout 0 hello "}));
  attempts_.disconnected();
  runner_.of(id(1)).events->output(Stream::kStdout, "world");
  const auto reports = attempts_.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].stdout_bytes, 11U);
  EXPECT_TRUE(reports[0].started);
  EXPECT_FALSE(reports[0].finished);
  attempts_.welcomed({"", {{id(1), 4, 0}}, {}, {}});
  EXPECT_EQ(sent(), (Sent{"started", "stdout 4 o ", "stdout 6 world"}));
}

TEST_F(AttemptsTest, KeepOutputBackWhileTheControllerDoesNotSayWhereToGoOn) {
  attempts_.welcomed({});
  attempts_.handle(run(1));
  runner_.of(id(1)).events->output(Stream::kStdout, "abc");
  attempts_.disconnected();
  attempts_.welcomed({});
  EXPECT_EQ(sent(), Sent{});
  attempts_.disconnected();
  attempts_.welcomed({"", {{id(1), 0, 0}}, {}, {}});
  EXPECT_EQ(sent(), Sent{"stdout 0 abc"});
}

TEST_F(AttemptsTest, GiveRoomUntilTheWindowIsFullAndAgainAfterTheAcknowledgement) {
  attempts_.welcomed({});
  attempts_.handle(run(1));
  auto& process = runner_.of(id(1));
  const std::size_t room = process.events->room();
  EXPECT_EQ(room, limits::kAttemptInFlightBytes - OutputWindow::kPieceOverhead);
  while (process.events->room() > 0) {
    process.events->output(Stream::kStdout,
                           std::string(std::min<std::size_t>(process.events->room(), 65536), 'x'));
  }
  EXPECT_LE(runner_.of(id(1)).events->room(), limits::kFrameDataBytes);
  const int reads = process.reads;
  sent();
  attempts_.handle(Ack{id(1), Stream::kStdout, 65536});
  EXPECT_GT(process.reads, reads);
  EXPECT_GE(process.events->room(), 65536U);
}

TEST_F(AttemptsTest, DropTheRestOfACommandThatWasClosedWhileItRan) {
  attempts_.welcomed({});
  attempts_.handle(run(1));
  attempts_.handle(Close{id(1)});
  runner_.of(id(1)).events->output(Stream::kStdout, "abc");
  EXPECT_EQ(sent(), Sent{});
  EXPECT_FALSE(attempts_.empty());
  EXPECT_EQ(attempts_.reports().size(), 0U);
  runner_.end(id(1), 0);
  EXPECT_EQ(sent(), Sent{});
  EXPECT_TRUE(attempts_.empty());
}

TEST_F(AttemptsTest, StopAllAndStartNothingWhenTheAgentEnds) {
  attempts_.welcomed({});
  attempts_.handle(run(1));
  attempts_.shut_down(3s);
  EXPECT_EQ(runner_.of(id(1)).stops, std::vector<std::chrono::milliseconds>{3s});
  attempts_.handle(run(2));
  EXPECT_EQ(sent(), Sent{"refused stopping"});
}

TEST_F(AttemptsTest, TakeTurnsSoThatANoisyOneStarvesNobody) {
  attempts_.welcomed({});
  attempts_.handle(run(1));
  attempts_.handle(run(2));
  for (int i = 0; i < 4; ++i) runner_.of(id(1)).events->output(Stream::kStdout, std::string(65536, 'n'));
  runner_.of(id(2)).events->output(Stream::kStdout, "quiet");
  const auto first = describe(*attempts_.next());
  const auto second = describe(*attempts_.next());
  EXPECT_TRUE(first == "stdout 0 quiet" || second == "stdout 0 quiet");
}

}  // namespace
}  // namespace runbook::connection
