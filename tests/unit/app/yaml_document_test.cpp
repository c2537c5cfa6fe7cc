#include "controller/app/yaml_document.hpp"

#include <gtest/gtest.h>

namespace runbook::app {
namespace {

namespace json = boost::json;

TEST(YamlDocument, PlainScalarsHaveTheTypeTheyLookLike) {
  const auto document = yaml_to_json(
      "[1, -2, 1.5, 1e3, true, null, ~, word, 10.0.0.1, 2026-11-21, yes, 1_000, '', '1', \"true\"]");
  ASSERT_TRUE(document.has_value()) << document.error().message;
  EXPECT_EQ(*document,
            json::parse(R"([1, -2, 1.5, 1e3, true, null, null, "word", "10.0.0.1", "2026-11-21", "yes",
                                      "1_000", "", "1", "true"])"));
}

TEST(YamlDocument, BlockTextKeepsItsLines) {
  const auto document = yaml_to_json("command: |\n  first\n    second\nnext: x\n");
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(document->at("command").as_string(), "first\n  second\n");
}

TEST(YamlDocument, FaultsNameTheirLine) {
  for (const auto* text : {"a: 1\na: 2\n", "a: 1\nb: [open\n", "a: 1\n? [x]\n: 2\n"}) {
    const auto document = yaml_to_json(text);
    ASSERT_FALSE(document.has_value()) << text;
    EXPECT_NE(document.error().message.find("line "), std::string::npos) << document.error().message;
  }
}

TEST(YamlDocument, NestingIsBounded) {
  EXPECT_TRUE(yaml_to_json(std::string(64, '[') + std::string(64, ']')).has_value());
  EXPECT_FALSE(yaml_to_json(std::string(66, '[') + std::string(66, ']')).has_value());
}

}  // namespace
}  // namespace runbook::app
