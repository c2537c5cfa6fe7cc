#include "protocol/runtime/process_identity.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace runbook::runtime {
namespace {

TEST(ProcessIdentity, StartTimeIsReadBehindAnyName) {
  const std::string rest = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20 21";
  EXPECT_EQ(start_ticks_of("42 (sh)" + rest), 987654U);
  EXPECT_EQ(start_ticks_of("42 (a) b (c))" + rest), 987654U);
  EXPECT_EQ(start_ticks_of("42 (sh) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20"), std::nullopt);
  EXPECT_EQ(start_ticks_of("42 (sh) S 1 2"), std::nullopt);
  EXPECT_EQ(start_ticks_of(""), std::nullopt);
}

TEST(ProcessIdentity, SurvivesBeingWrittenDown) {
  const auto self = ProcessIdentity::of(getpid());
  ASSERT_TRUE(self.has_value());
  EXPECT_EQ(ProcessIdentity::parse(self->str() + "\n"), self);
  EXPECT_TRUE(self->alive());
}

TEST(ProcessIdentity, NonsenseIsNone) {
  for (const auto* text : {"", "12", "12 34", "x 34 boot", "-3 34 boot", "12 34 "}) {
    EXPECT_EQ(ProcessIdentity::parse(text), std::nullopt) << text;
  }
}

TEST(ProcessIdentity, AnotherStartTimeIsAnotherProcess) {
  auto other = *ProcessIdentity::of(getpid());
  ++other.start_ticks;
  EXPECT_FALSE(other.alive());
  EXPECT_FALSE(other.send_signal(0));
  EXPECT_TRUE(other.wait_for_end(std::chrono::milliseconds{0}));
}

TEST(ProcessIdentity, AKilledChildEndsAndIsReaped) {
  const pid_t pid = fork();
  if (pid == 0) {
    pause();
    _exit(0);
  }
  const auto child = ProcessIdentity::of(pid);
  ASSERT_TRUE(child.has_value());
  EXPECT_FALSE(child->wait_for_end(std::chrono::milliseconds{0}));
  EXPECT_TRUE(child->send_signal(SIGKILL));
  EXPECT_TRUE(child->wait_for_end(std::chrono::seconds{10}));
  EXPECT_FALSE(child->alive());
  EXPECT_EQ(waitpid(pid, nullptr, WNOHANG), -1);  // nothing left to reap
}

}  // namespace
}  // namespace runbook::runtime
