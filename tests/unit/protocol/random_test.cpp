#include "protocol/runtime/random.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace runbook::runtime {
namespace {

TEST(Random, BytesAreAsManyAsAskedForAndNeverTheSame) {
  EXPECT_EQ(random_bytes(0).size(), 0U);
  EXPECT_EQ(random_bytes(1000).size(), 1000U);
  EXPECT_NE(random_bytes(32), random_bytes(32));
}

TEST(Random, UuidsAreVersionFour) {
  std::set<Uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    const Uuid id = new_uuid();
    EXPECT_EQ(id.str()[14], '4');
    EXPECT_NE(std::string("89ab").find(id.str()[19]), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(Random, TokensAreBase64UrlWithoutPadding) {
  for (const auto& [bytes, length] : {std::pair<std::size_t, std::size_t>{1, 2}, {2, 3}, {3, 4}, {32, 43}}) {
    const std::string token = random_token(bytes);
    EXPECT_EQ(token.size(), length);
    for (const char c : token)
      EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_');
  }
}

TEST(Random, UnitsLieBelowOne) {
  for (int i = 0; i < 1000; ++i) {
    const double unit = random_unit();
    EXPECT_GE(unit, 0.0);
    EXPECT_LT(unit, 1.0);
  }
}

}  // namespace
}  // namespace runbook::runtime
