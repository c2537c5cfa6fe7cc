#include "controller/http/handshake_queue.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <map>
#include <vector>

namespace runbook::http {
namespace {

namespace asio = boost::asio;
using Clock = HandshakeQueue::Clock;

class HandshakeQueueTest : public ::testing::Test {
 protected:
  using Turn = HandshakeQueue::Turn;

  // Asks for a turn; what came of it is found under `name`.
  void ask(const std::string& name, const std::string& network, Clock::time_point deadline = kNever) {
    auto wait = [](HandshakeQueue& queue, std::string from, Clock::time_point until,
                   std::optional<Turn>& turn, bool& refused) -> asio::awaitable<void> {
      auto got = co_await queue.take(std::move(from), until);
      refused = !got;
      if (got) turn.emplace(std::move(*got));
    };
    asked_.push_back(name);
    asio::co_spawn(io_, wait(queue_, network, deadline, turns_[name], refused_[name]),
                   [](std::exception_ptr) {});
    run();
  }
  void end(const std::string& name) {
    turns_[name].reset();
    run();
  }
  void run() {
    io_.restart();
    io_.poll();
  }
  // Who has a turn now, in the order of asking.
  std::string under_way() const {
    std::string names;
    for (const auto& name : asked_)
      if (turns_.at(name)) names += name;
    return names;
  }

  static constexpr Clock::time_point kNever = Clock::time_point::max();
  asio::io_context io_;
  HandshakeQueue queue_{io_.get_executor(), 3, 2};
  std::vector<std::string> asked_;
  std::map<std::string, bool> refused_;
  std::map<std::string, std::optional<Turn>> turns_;
};

TEST_F(HandshakeQueueTest, OneOverEitherLimitWaits) {
  for (const auto* name : {"a", "b", "c"}) ask(name, "one");
  EXPECT_EQ(under_way(), "ab");
  ask("x", "two");
  ask("y", "two");
  EXPECT_EQ(under_way(), "abx");
  EXPECT_EQ(queue_.under_way(), 3u);
}

TEST_F(HandshakeQueueTest, NetworksTakeTurns) {
  for (const auto* name : {"a", "b", "c", "d", "e"}) ask(name, "one");
  ask("x", "two");
  ask("y", "two");
  ask("p", "three");
  EXPECT_EQ(under_way(), "abx");
  end("a");
  EXPECT_EQ(under_way(), "bcx");
  end("b");
  EXPECT_EQ(under_way(), "cxy");
  end("c");
  EXPECT_EQ(under_way(), "xyp");
  end("x");
  EXPECT_EQ(under_way(), "dyp");
}

TEST_F(HandshakeQueueTest, AFloodOfOneNetworkDoesNotHoldUpAnother) {
  for (int i = 0; i < 1000; ++i) ask("flood " + std::to_string(i) + ",", "one");
  ask("x", "two");
  EXPECT_EQ(under_way(), "flood 0,flood 1,x");
}

TEST_F(HandshakeQueueTest, WhoWaitsTooLongIsRefused) {
  ask("a", "one");
  ask("b", "one");
  ask("c", "one", Clock::now() - std::chrono::seconds(1));
  ask("d", "one");
  EXPECT_TRUE(refused_["c"]);
  end("a");
  EXPECT_EQ(under_way(), "bd");
}

TEST_F(HandshakeQueueTest, NothingStaysWhenAllHaveLeft) {
  for (const auto* name : {"a", "b", "c", "d"}) ask(name, name[0] < 'c' ? "one" : "two");
  for (const auto* name : {"a", "b", "c", "d"}) end(name);
  EXPECT_EQ(queue_.under_way(), 0u);
  ask("e", "two");
  EXPECT_EQ(under_way(), "e");
}

}  // namespace
}  // namespace runbook::http
