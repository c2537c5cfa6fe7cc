#include "protocol/messages/uuid.hpp"

#include <gtest/gtest.h>

#include <string>

namespace runbook {
namespace {

constexpr std::string_view kText = "0198c5a2-7b1e-7c3d-9e4f-0123456789ab";

TEST(Uuid, TextAndBytesGoBothWays) {
  const auto id = Uuid::parse(kText);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->str(), kText);
  EXPECT_EQ(id->bytes[0], 0x01);
  EXPECT_EQ(id->bytes[15], 0xab);
}

TEST(Uuid, UpperCaseIsTheSameId) {
  EXPECT_EQ(Uuid::parse("0198C5A2-7B1E-7C3D-9E4F-0123456789AB"), Uuid::parse(kText));
}

TEST(Uuid, OtherFormsAreRefused) {
  for (const std::string_view text :
       {"", "0198c5a2", "{0198c5a2-7b1e-7c3d-9e4f-0123456789ab}", "0198c5a27b1e7c3d9e4f0123456789ab",
        "0198c5a2-7b1e-7c3d-9e4f-0123456789ag", "0198c5a2-7b1e-7c3d-9e4f-0123456789abc",
        "0198c5a2-7b1e-7c3d-9e4f_0123456789ab", "urn:uuid:0198c5a2-7b1e-7c3d-9e4f-0123456789ab",
        "0198c5a2-7b1e-7c3d--e4f-0123456789ab", " 198c5a2-7b1e-7c3d-9e4f-0123456789ab"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, NilIsAllZeros) {
  EXPECT_TRUE(Uuid{}.is_nil());
  EXPECT_EQ(Uuid{}.str(), "00000000-0000-0000-0000-000000000000");
  EXPECT_FALSE(Uuid::parse(kText)->is_nil());
}

TEST(Uuid, OrderIsThatOfTheText) {
  EXPECT_LT(*Uuid::parse("00000000-0000-0000-0000-0000000000ff"),
            *Uuid::parse("10000000-0000-0000-0000-000000000000"));
}

}  // namespace
}  // namespace runbook
