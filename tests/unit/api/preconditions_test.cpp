#include "controller/api/preconditions.hpp"

#include <gtest/gtest.h>

namespace runbook::api {
namespace {

Result<std::optional<int>> given(const std::vector<std::string>& values) {
  http::Request request;
  for (const auto& value : values) request.headers.emplace_back("if-match", value);
  return expected_version(request);
}

TEST(IfMatch, IsTheQuotedVersionNumber) {
  EXPECT_EQ(given({"\"3\""}).value(), 3);
  EXPECT_EQ(given({}).value(), std::nullopt);
  EXPECT_EQ(given({"*"}).value(), std::nullopt);
}

TEST(IfMatch, ThatCanMatchNoVersionFails) {
  for (const auto* value : {"\"\"", "\"x\"", "W/\"3\"", "\"3.0\"", "\"99999999999\""}) {
    ASSERT_FALSE(given({value})) << value;
    EXPECT_EQ(given({value}).error().code, ErrorCode::kPreconditionFailed) << value;
  }
}

TEST(IfMatch, ThatIsNoEntityTagIsMalformed) {
  for (const auto* value : {"", "3", "\"3", "3\"", "\""}) {
    ASSERT_FALSE(given({value})) << value;
    EXPECT_EQ(given({value}).error().code, ErrorCode::kMalformed) << value;
  }
  EXPECT_EQ(given({"\"3\"", "\"4\""}).error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace runbook::api
