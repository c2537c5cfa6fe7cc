#include "controller/yaml/yaml_reader.hpp"

#include <gtest/gtest.h>

namespace runbook::yaml {
namespace {

namespace json = boost::json;

std::string refusal(std::string text) {
  const auto document = read(std::move(text));
  if (document) return "accepted: " + json::serialize(document->value);
  EXPECT_EQ(document.error().code, ErrorCode::kMalformed);
  return document.error().message;
}

void expect_refused(const std::string& text, const std::string& place, const std::string& why) {
  const auto message = refusal(text);
  EXPECT_NE(message.find(place), std::string::npos) << text << "\n" << message;
  EXPECT_NE(message.find(why), std::string::npos) << text << "\n" << message;
}

TEST(YamlReader, PlainScalarsHaveTheTypeTheyLookLike) {
  const auto document = read(
      "[1, -2, +3, 012, 1.5, 1e3, .5, 5., -.5E-1, 0o17, 0xfF, true, False, null, ~, word, 10.0.0.1, "
      "2026-11-21, "
      "yes, 1_000, 0b1, 1:30, e3, ., +, '', '1', \"true\", 9223372036854775808]");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->value,
            json::parse(R"([1, -2, 3, 12, 1.5, 1e3, 0.5, 5.0, -0.05, 15, 255, true, false, null, null, "word",
                            "10.0.0.1", "2026-11-21", "yes", "1_000", "0b1", "1:30", "e3", ".", "+", "", "1",
                            "true", 9223372036854775808])"));
}

TEST(YamlReader, BlockTextKeepsItsLines) {
  const auto document = read("command: |\n  first\n    second\nnext: >-\n  folded\n  text\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->value.at("command").as_string(), "first\n  second\n");
  EXPECT_EQ(document->value.at("next").as_string(), "folded text");
}

TEST(YamlReader, WindowsLineEndsAndAByteOrderMarkAreTaken) {
  const auto document = read(
      "\xEF\xBB\xBF"
      "a: |\r\n  x\r\n  y\r\nb: 1\r\n");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->value, json::parse(R"({"a": "x\ny\n", "b": 1})"));
}

TEST(YamlReader, WhatJsonDoesNotHaveIsRefusedWithItsPlace) {
  expect_refused("a: 1\nb: &x 2\n", "line 2, column 4", "anchors");
  expect_refused("a: 1\nb: &x null\n", "line 2, column 4", "anchors");
  expect_refused("a: &x {c: 1}\n", "line 1, column 4", "anchors");
  expect_refused("a: &x [c]\nb: *x\n", "line 1, column 4", "anchors");
  expect_refused("a: *x\n", "line 1, column 4", "aliases");
  expect_refused("a: !!str 1\n", "line 1, column 4", "tags");
  expect_refused("a: !own ~\n", "line 1, column 4", "tags");
  expect_refused("a: ! 12\n", "line 1, column 4", "tags");
  expect_refused("a: !!map {b: 1}\n", "line 1, column 4", "tags");
  expect_refused("!!seq [b]\n", "line 1, column 1", "tags");
  expect_refused("\xC3\xA4: \xC3\xA4 # \xC3\xA4\n\xC3\xA4\xC3\xA4: !x 1\n", "line 2, column 5", "tags");
  expect_refused("a: 1\nb: 2\na: 3\n", "line 3, column 1", "given twice");
  expect_refused("{a: 1, \"a\": 2}", "line 1, column 8", "given twice");
  expect_refused("1: x\n", "line 1, column 1", "name must be text");
  expect_refused("true: x\n", "line 1, column 1", "name must be text");
  expect_refused("~: x\n", "line 1, column 1", "name must be text");
  expect_refused(": x\n", "line 1, column 1", "name must be text");
  expect_refused("? [x]\n: y\n", "line 1, column 3", "name must be text");
  expect_refused("{a: b}: c\n", "line 1, column 1", "name must be text");
  expect_refused("a: .inf\n", "line 1, column 4", "no such number");
  expect_refused("a: -.INF\n", "line 1, column 4", "no such number");
  expect_refused("a: .nan\n", "line 1, column 4", "no such number");
  expect_refused("a: 1e999\n", "line 1, column 4", "no such number");
  expect_refused("a: 1\n---\nb: 1\n", "line 2, column 1", "one document");
  expect_refused("a: 1\n--- \n", "line 2, column 1", "one document");
}

TEST(YamlReader, WhatIsNoYamlIsRefusedWithItsPlace) {
  expect_refused("", "line 1, column 1", "empty");
  expect_refused("# nothing\n", "line 1, column 1", "empty");
  expect_refused("a: 1\nb: [open\n", "line 2", "");
  expect_refused("a: b: c\n", "line 1, column 5", "no YAML");
  expect_refused("a: \"open\nb: 1\n", "line 1, column 4", "does not end");
  expect_refused("a: \"open\\\"\n", "line 1, column 4", "does not end");
  expect_refused("a: 'it''s\n", "line 1, column 4", "does not end");
  expect_refused("a: b\njunk\n", "line 2, column 1", "':'");
  expect_refused("a: 'x'y\n", "line 1, column 7", "no YAML");
  expect_refused("a: b\n}\n", "line 2, column 1", "no YAML");
  expect_refused("\ta: 1\n", "line 1, column 3", "no YAML");
}

TEST(YamlReader, CharactersThatCannotBePrintedAreRefused) {
  expect_refused("a: x\x04y\nb: 1\n", "line 1, column 5", "control character");
  expect_refused(std::string("a: x\0y\n", 7), "line 1, column 5", "control character");
  expect_refused("a: x\x1By\n", "line 1, column 5", "control character");
  expect_refused("a: x\x7Fy\n", "line 1, column 5", "control character");
  expect_refused("a: x\xC2\x80y\n", "line 1, column 5", "control character");
  expect_refused("a: \xFF\n", "line 1, column 4", "UTF-8");
  expect_refused("a: \"\\0\"\n", "line 1, column 4", "NUL");
  expect_refused("a: \"\\ud800\"\n", "line 1, column 11", "");
  EXPECT_TRUE(read("a: \"\\x1b\\u0085\\U0001F525\"\n"));
}

TEST(YamlReader, NestingIsBounded) {
  EXPECT_TRUE(read(std::string(64, '[') + std::string(64, ']')));
  EXPECT_NE(refusal(std::string(65, '[') + std::string(65, ']')).find("too deep"), std::string::npos);
  EXPECT_NE(refusal(std::string(100'000, '[')).find("column"), std::string::npos);
  EXPECT_NE(refusal(std::string(100'000, '{')).find("column"), std::string::npos);
  std::string blocks;
  for (int i = 0; i < 100; ++i) blocks += "- ";
  EXPECT_NE(refusal(blocks + "x\n").find("too deep"), std::string::npos);
}

TEST(YamlReader, TellsWhereEachValueStands) {
  const auto document = read("title: x\nblocks:\n  - name: a\n    'a/b~c': 1\n  - {name: b}\n");
  ASSERT_TRUE(document);
  const auto place = [&](std::string_view pointer) {
    const auto found = document->place(pointer);
    return std::pair(found.line, found.column);
  };
  EXPECT_EQ(place(""), std::pair(1UL, 1UL));
  EXPECT_EQ(place("/blocks"), std::pair(2UL, 1UL));
  EXPECT_EQ(place("/blocks/0/name"), std::pair(3UL, 5UL));
  EXPECT_EQ(place("/blocks/0/a~1b~0c"), std::pair(4UL, 5UL));
  EXPECT_EQ(place("/blocks/1"), std::pair(5UL, 5UL));
  EXPECT_EQ(place("/blocks/1/name"), std::pair(5UL, 6UL));
  EXPECT_EQ(place("/blocks/1/config/text"), std::pair(5UL, 5UL));
  EXPECT_EQ(place("/blocks/7/x"), std::pair(2UL, 1UL));
  Error error{ErrorCode::kInvalid, "wrong", {{"/blocks/0/name", "bad_value", "No."}}};
  EXPECT_EQ(with_places(error, *document).faults[0].message, "No. (line 3, column 5)");
}

// What people and attackers send: whatever it is, it is read or refused, and at once.
TEST(YamlReader, AMegabyteOfAnythingIsJudged) {
  constexpr std::size_t kBytes = 1024 * 1024;
  for (const std::string part :
       {"[",  "{", "- ", "? ",  ": ",    "a: ", "\"",   "'",       "|\n",  "&a ", "*a ",   "!a ",
        "\n", "#", "%",  "a\n", "a:\n ", "[a,", "{a: ", "- - a\n", "--- ", "\\",  "\"\\\""}) {
    std::string text;
    while (text.size() < kBytes) text += part;
    read(std::move(text));
  }
}

}  // namespace
}  // namespace runbook::yaml
