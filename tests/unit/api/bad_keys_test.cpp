#include "controller/api/bad_keys.hpp"

#include <gtest/gtest.h>

#include "protocol/messages/limits.hpp"

namespace runbook::api {
namespace {

using std::chrono::seconds;

class BadKeysTest : public ::testing::Test {
 protected:
  std::chrono::steady_clock::time_point now_{seconds{1000}};
  BadKeys keys_{[this] { return now_; }};
};

TEST_F(BadKeysTest, AreToldUpToTheLimit) {
  for (std::size_t i = 0; i < limits::kAuditBadKeys; ++i) EXPECT_EQ(keys_.count("a"), 0u);
  EXPECT_FALSE(keys_.count("a"));
  EXPECT_EQ(keys_.count("b"), 0u);
}

TEST_F(BadKeysTest, AMinuteLaterTheOthersAreToldByTheirNumber) {
  for (std::size_t i = 0; i < limits::kAuditBadKeys + 7; ++i) keys_.count("a");
  now_ += seconds{59};
  EXPECT_FALSE(keys_.count("a"));
  now_ += seconds{1};
  EXPECT_EQ(keys_.count("a"), 8u);
  EXPECT_EQ(keys_.count("a"), 0u);
}

TEST_F(BadKeysTest, ManyAddressesAreBoundedToo) {
  for (std::size_t i = 0; i < limits::kAuditBadKeyAddresses; ++i) EXPECT_TRUE(keys_.count(std::to_string(i)));
  EXPECT_FALSE(keys_.count("one more"));
  now_ += seconds{60};
  EXPECT_TRUE(keys_.count("one more"));
}

}  // namespace
}  // namespace runbook::api
