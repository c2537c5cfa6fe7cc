#include <gtest/gtest.h>

#include "controller/http/connection_quota.hpp"

namespace runbook::http {
namespace {

boost::asio::ip::address at(const char* text) { return boost::asio::ip::make_address(text); }

TEST(ConnectionQuota, OneOverEitherLimitIsRefused) {
  ConnectionQuota quota(3, 2);
  auto one = quota.take(at("10.0.0.1"));
  auto two = quota.take(at("10.0.0.1"));
  EXPECT_TRUE(one && two);
  EXPECT_FALSE(quota.take(at("10.0.0.1")).has_value());
  auto three = quota.take(at("10.0.0.2"));
  EXPECT_TRUE(three.has_value());
  EXPECT_FALSE(quota.take(at("10.0.0.3")).has_value());
  EXPECT_EQ(quota.taken(), 3U);
}

TEST(ConnectionQuota, PlacesComeBack) {
  ConnectionQuota quota(10, 1);
  {
    auto place = quota.take(at("10.0.0.1"));
    auto moved = std::move(*place);
    EXPECT_FALSE(quota.take(at("10.0.0.1")).has_value());
  }
  EXPECT_EQ(quota.taken(), 0U);
  EXPECT_TRUE(quota.take(at("10.0.0.1")).has_value());
}

TEST(ConnectionQuota, OneNetworkIsOneAddress) {
  ConnectionQuota quota(10, 1);
  const auto wide = quota.take(at("2001:db8:1:2::1"));
  EXPECT_FALSE(quota.take(at("2001:db8:1:2:ffff::9")).has_value());
  EXPECT_TRUE(quota.take(at("2001:db8:1:3::1")).has_value());
  const auto mapped = quota.take(at("::ffff:10.0.0.1"));
  EXPECT_FALSE(quota.take(at("10.0.0.1")).has_value());
}

}  // namespace
}  // namespace runbook::http
