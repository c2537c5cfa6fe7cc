#include "controller/store/refusal_flood.hpp"

#include <gtest/gtest.h>

#include "protocol/messages/limits.hpp"

namespace runbook::store {
namespace {

using std::chrono::seconds;

class RefusalFloodTest : public ::testing::Test {
 protected:
  std::optional<std::size_t> count(const std::string& source) { return flood_.count(source, 20); }

  std::chrono::steady_clock::time_point now_{seconds{1000}};
  RefusalFlood flood_{[this] { return now_; }};
};

TEST_F(RefusalFloodTest, IsToldUpToTheLimit) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(count("a"), 0u);
  EXPECT_FALSE(count("a"));
  EXPECT_EQ(count("b"), 0u);
}

TEST_F(RefusalFloodTest, AMinuteLaterTheOthersAreToldByTheirNumber) {
  for (int i = 0; i < 20 + 7; ++i) count("a");
  now_ += seconds{59};
  EXPECT_FALSE(count("a"));
  now_ += seconds{1};
  EXPECT_EQ(count("a"), 8u);
  EXPECT_EQ(count("a"), 0u);
}

TEST_F(RefusalFloodTest, ManySourcesAreBoundedToo) {
  for (std::size_t i = 0; i < limits::kAuditRefusalSources; ++i) EXPECT_TRUE(count(std::to_string(i)));
  EXPECT_FALSE(count("one more"));
  now_ += seconds{60};
  EXPECT_TRUE(count("one more"));
}

}  // namespace
}  // namespace runbook::store
