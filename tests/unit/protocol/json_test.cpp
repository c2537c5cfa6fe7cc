#include "protocol/messages/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "protocol/messages/limits.hpp"

namespace runbook {
namespace {

std::string refusal(std::string_view text) {
  const auto value = parse_json(text);
  if (value) return "accepted";
  EXPECT_EQ(value.error().code, ErrorCode::kMalformed);
  return value.error().message;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// Boost 1.81 reads some of these wrongly in the last digits.
TEST(Json, DoublesAreTheNearestToTheirText) {
  for (const double number : {1.7976e308, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 0.1,
                              123456789012345678.0, 9007199254740993.0, 1e23, -3.141592653589793e-200}) {
    const auto read = parse_json(fmt::format("{}", number));
    ASSERT_TRUE(read) << number;
    EXPECT_EQ(read->to_number<double>(), number);
  }
}

TEST(Json, EveryKindOfValueIsRead) {
  const auto value =
      parse_json(R"( {"a":[1,-2,18446744073709551615,1.5,true,false,null,"x\u00e4\ud83d\ude00"],"":{}} )");
  ASSERT_TRUE(value);
  const auto& list = value->at("a").as_array();
  EXPECT_EQ(list[0].as_int64(), 1);
  EXPECT_EQ(list[1].as_int64(), -2);
  EXPECT_EQ(list[2].as_uint64(), 18446744073709551615U);
  EXPECT_DOUBLE_EQ(list[3].as_double(), 1.5);
  EXPECT_EQ(list[7].as_string(), "xä😀");
  EXPECT_TRUE(value->at("").is_object());
}

TEST(Json, ScalarsAndSurroundingSpaceAreDocuments) {
  for (const std::string_view text : {"1", " \"a\" \n", "\t[ ]\r\n", "null", "-0"}) {
    EXPECT_TRUE(parse_json(text)) << text;
  }
}

TEST(Json, TheLimitOfDepthIsAllowedAndOneMoreIsNot) {
  EXPECT_TRUE(parse_json(nested(limits::kJsonDepth)));
  EXPECT_NE(refusal(nested(limits::kJsonDepth + 1)).find("nested too deep"), std::string::npos);
}

TEST(Json, TheByteThatIsWrongIsNamed) {
  EXPECT_EQ(refusal(R"({"a": x})"), "the JSON text is wrong at byte 6: syntax error");
  EXPECT_EQ(refusal("{} x"), "the JSON text is wrong at byte 3: text after the end of the value");
  EXPECT_EQ(refusal(""), "the JSON text is wrong at byte 0: the text is empty");
  EXPECT_NE(refusal(R"({"a":)").find("ends too early"), std::string::npos);
}

TEST(Json, NulIsRefusedWhereverItStands) {
  EXPECT_NE(refusal(R"({"a":"x\u0000y"})").find("NUL"), std::string::npos);
  EXPECT_NE(refusal(R"({"a\u0000b":1})").find("NUL"), std::string::npos);
  EXPECT_NE(refusal(std::string("{\"a\":\"x\0y\"}", 11)), "accepted");
  EXPECT_NE(refusal(std::string("{}\0", 3)), "accepted");
}

TEST(Json, AMemberNameTwiceIsRefused) {
  EXPECT_NE(refusal(R"({"a":1,"b":2,"a":3})").find("twice"), std::string::npos);
  EXPECT_NE(refusal(R"({"o":{"a":1,"\u0061":3}})").find("twice"), std::string::npos);
  EXPECT_TRUE(parse_json(R"([{"a":1,"o":{"a":1}},{"a":1}])"));
}

TEST(Json, WhatIsNotUtf8IsRefused) {
  for (const std::string_view bytes :
       {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\""}) {
    EXPECT_NE(refusal(bytes), "accepted");
  }
  EXPECT_NE(refusal(R"("\ud800")"), "accepted");
  EXPECT_NE(refusal("\"\xff\"").find("UTF-8"), std::string::npos);
}

TEST(Json, ExtensionsOfJsonAreRefused) {
  for (const std::string_view text : {"[1,]", "{\"a\":1,}", "// x\n1", "/* x */ 1", "NaN", "Infinity", "'a'",
                                      "{a:1}", "01", "+1", ".5", "1.", "0x1", "\"\t\"", "\xEF\xBB\xBF{}"}) {
    EXPECT_NE(refusal(text), "accepted") << text;
  }
}

TEST(Json, NumbersBeyondADoubleAreRefused) {
  EXPECT_NE(refusal("1e999").find("range"), std::string::npos);
  EXPECT_TRUE(parse_json("1e308"));
}

TEST(Json, LongNamesAndTextsAreKeptWhole) {
  const std::string name(5000, 'n');
  const std::string text(100'000, 't');
  const auto value = parse_json("{\"" + name + "\":\"" + text + "\"}");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->at(name).as_string(), text);
}

TEST(Utf8, WellFormedTextIsKnown) {
  for (const std::string_view text :
       {"", "a", "ä", "€", "😀", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const std::string_view text : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
                                      "\xf5\x80\x80\x80", "\xc3", "a\xe2\x82"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Utf8, BadBytesAndNulAreReplaced) {
  EXPECT_EQ(to_utf8("a\xff\xc3\xa4"), "a\xEF\xBF\xBD\xc3\xa4");
  EXPECT_EQ(to_utf8(std::string_view("x\0y", 3)), "x\xEF\xBF\xBDy");
}

TEST(JsonPointer, TildeAndSlashAreEscaped) { EXPECT_EQ(pointer_token("a~b/c"), "a~0b~1c"); }

}  // namespace
}  // namespace runbook
