#include "controller/http/guess_limit.hpp"

#include <gtest/gtest.h>

#include "protocol/messages/limits.hpp"

namespace runbook::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class GuessLimitTest : public ::testing::Test {
 protected:
  void guess(const std::string& address, std::size_t count = limits::kGuesses) {
    for (std::size_t i = 0; i < count; ++i) guesses_.wrong(address);
  }

  std::chrono::steady_clock::time_point now_{seconds{1000}};
  GuessLimit guesses_{[this] { return now_; }};
};

TEST_F(GuessLimitTest, OneOverTheLimitIsTooMany) {
  guess("192.0.2.1", limits::kGuesses - 1);
  EXPECT_FALSE(guesses_.exceeded("192.0.2.1"));
  guess("192.0.2.1", 1);
  EXPECT_TRUE(guesses_.exceeded("192.0.2.1"));
  EXPECT_FALSE(guesses_.exceeded("192.0.2.2"));
  EXPECT_TRUE(guesses_.admit("192.0.2.2"));
}

TEST_F(GuessLimitTest, PastTheLimitOneIsTriedEveryOtherSecond) {
  guess("192.0.2.1");
  EXPECT_TRUE(guesses_.admit("192.0.2.1"));
  EXPECT_FALSE(guesses_.admit("192.0.2.1"));
  now_ += milliseconds{1999};
  EXPECT_FALSE(guesses_.admit("192.0.2.1"));
  now_ += milliseconds{1};
  EXPECT_TRUE(guesses_.admit("192.0.2.1"));
}

TEST_F(GuessLimitTest, AMinuteOfQuietEndsIt) {
  guess("192.0.2.1");
  EXPECT_EQ(guesses_.wait("192.0.2.1"), seconds{60});
  now_ += milliseconds{59'001};
  EXPECT_TRUE(guesses_.exceeded("192.0.2.1"));
  EXPECT_EQ(guesses_.wait("192.0.2.1"), seconds{1});
  now_ += milliseconds{999};
  EXPECT_FALSE(guesses_.exceeded("192.0.2.1"));
}

TEST_F(GuessLimitTest, WhoKeepsGuessingStaysOut) {
  guess("192.0.2.1");
  for (int i = 0; i < 60; ++i) {
    now_ += seconds{2};
    EXPECT_TRUE(guesses_.exceeded("192.0.2.1")) << i;
    guess("192.0.2.1", 1);
  }
}

TEST_F(GuessLimitTest, TheSameExpiredCookieIsOneGuess) {
  for (int i = 0; i < 100; ++i) guesses_.wrong_once("192.0.2.1", "one");
  EXPECT_FALSE(guesses_.exceeded("192.0.2.1"));
  for (int i = 0; i < 9; ++i) guesses_.wrong_once("192.0.2.1", std::to_string(i));
  EXPECT_TRUE(guesses_.exceeded("192.0.2.1"));
}

TEST_F(GuessLimitTest, AWholeNetworkIsOneClient) {
  for (int i = 0; i < 10; ++i) guesses_.wrong("2001:db8:1:2::" + std::to_string(i + 1));
  EXPECT_TRUE(guesses_.exceeded("2001:db8:1:2:ffff::1"));
  EXPECT_FALSE(guesses_.exceeded("2001:db8:1:3::1"));
  guess("::ffff:192.0.2.9");
  EXPECT_TRUE(guesses_.exceeded("192.0.2.9"));
}

TEST_F(GuessLimitTest, ManyNetworksLockNobodyOut) {
  for (std::size_t i = 0; i < limits::kGuessAddresses; ++i) guesses_.wrong("client " + std::to_string(i));
  guess("one more");
  EXPECT_FALSE(guesses_.exceeded("one more"));
  now_ += seconds{60};
  guess("one more");
  EXPECT_TRUE(guesses_.exceeded("one more"));
}

}  // namespace
}  // namespace runbook::http
