// JSON texts that readers are known to differ on or to choke on; the cases are our own, after the questions
// that public collections ask.
#include <gtest/gtest.h>
#include <time.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook {
namespace {

using namespace std::string_view_literals;

constexpr auto kRefused = std::to_array<std::string_view>({
    // structure
    "",
    " ",
    "[",
    "]",
    "{",
    "}",
    "[1",
    "[1,",
    "[,1]",
    "[1,]",
    "[1,,2]",
    "[1 2]",
    "[1:2]",
    "[1}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\" 1}",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "{\"a\":1}}",
    "[][]",
    "1 2",
    "{} []",
    "{\"a\"::1}",
    "[\"a\"::1]",
    "{\"a\":1,,\"b\":2}",
    "{null:1}",
    // words
    "True",
    "FALSE",
    "nul",
    "nulll",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "[nan]",
    "none",
    "tru e",
    // numbers
    "+1",
    "01",
    "-01",
    "1.",
    ".5",
    "-.5",
    "1e",
    "1e+",
    "1.e3",
    "0x10",
    "1_000",
    "1,5",
    "--1",
    "- 1",
    "1a",
    "0e",
    "1.5.5",
    "\xEF\xBC\x91",
    "1e5.5",
    "-",
    "0b1",
    "0o7",
    // texts
    "\"",
    "\"a",
    "'a'",
    "\"\n\"",
    "\"\t\"",
    "\"\x01\"",
    "\"\x1f\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\\u12G4\"",
    "\"\\U0041\"",
    "\"\\\"",
    "\"\\a\"",
    "\"\\0\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800\\ud800\"",
    "\"\\ud800x\"",
    "\"\0\""sv,
    "\"\\u0000\"",
    // bytes that are no UTF-8
    "\"\xff\"",
    "\"\xc0\xaf\"",
    "\"\xe0\x80\xaf\"",
    "\"\xed\xa0\x80\"",
    "\"\xf5\x80\x80\x80\"",
    "\"\xe2\x82\"",
    "\"\x80\"",
    "\"\xf8\x88\x80\x80\x80\"",
    // around the value
    "\xEF\xBB\xBF{}",
    "\xFE\xFF",
    "{}\0"sv,
    "/* c */ 1",
    "1 // c",
    "# c\n1",
    "\x0b"
    "1",
    "\xC2\xA0"
    "1",
    "\x0c[]",
    // names
    "{\"a\":1,\"a\":2}",
    "{\"a\":{\"b\":1,\"b\":1}}",
    "{\"\\u0061\":1,\"a\":2}",
});

TEST(HostileJson, IsRefusedWhateverOthersMakeOfIt) {
  EXPECT_GE(kRefused.size(), 100u);
  for (const auto text : kRefused) EXPECT_FALSE(parse_json(text)) << text;
}

TEST(HostileJson, WhatIsProperIsTaken) {
  for (const auto* text :
       {"[]", "{}", "0", "-0", "0e1", "1E+2", "1e-2", "123456789012345678901234567890",
        "\"\\/\\b\\f\\n\\r\\t\"", "\"\\uD83D\\uDE00\"", "\"\\u2028\"", "\"\x7f\"", "\"\xF4\x8F\xBF\xBF\"",
        "[[],{}]", "{\"\":0}", " true ", "\"\\u00e9\"", "{\"a\":[null,false]}"}) {
    EXPECT_TRUE(parse_json(text)) << text;
  }
}

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() + part.size() <= bytes) text += part;
  return text;
}

// Of this thread: a busy machine takes longer, the work is the same.
std::chrono::nanoseconds processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// Every bomb fills a body to its limit. The time is what SECURITY.md promises, many times what it takes.
TEST(HostileJson, BombsAreRefusedAtOnce) {
  constexpr std::size_t kBytes = limits::kHttpBodyBytes;
  const std::vector<std::string> bombs = {
      repeated("[", kBytes),
      repeated("{\"a\":", kBytes),
      repeated("[{\"a\":", kBytes),
      repeated("[[", kBytes / 2) + repeated("]]", kBytes / 2),
      "\"" + repeated("\\u12", kBytes - 2),
      "\"" + std::string(kBytes - 1, 'x'),
      std::string(kBytes - 1, '9') + "x",
      "1e" + std::string(kBytes - 3, '9') + "x",
      std::string(kBytes, ' '),
      "[" + repeated("1,", kBytes - 2),
      "{" + repeated("\"a\":1,", kBytes - 10) + "\"a\":1}",
  };
  for (const auto& bomb : bombs) {
    const auto begun = processor_time();
    EXPECT_FALSE(parse_json(bomb)) << bomb.substr(0, 20);
    EXPECT_LT(processor_time() - begun, std::chrono::milliseconds(100)) << bomb.substr(0, 20);
  }
}

}  // namespace
}  // namespace runbook
