#include "protocol/messages/time.hpp"

#include <gtest/gtest.h>

#include <string>

namespace runbook {
namespace {

TEST(Time, TextHasSixDecimalsAndZ) {
  EXPECT_EQ(rfc3339(Time{}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(rfc3339(Time{std::chrono::microseconds{1'795'283'857'123'456}}), "2026-11-21T17:57:37.123456Z");
}

TEST(Time, TimesBeforeTheEpochRoundDownward) {
  EXPECT_EQ(rfc3339(Time{std::chrono::microseconds{-1}}), "1969-12-31T23:59:59.999999Z");
}

TEST(Time, WhatIsWrittenIsReadBack) {
  for (const std::string text : {"2026-11-21T17:57:37.123456Z", "0001-01-01T00:00:00.000000Z",
                                 "9999-12-31T23:59:59.999999Z", "2024-02-29T00:00:00.000001Z"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(rfc3339(*time), text);
  }
}

TEST(Time, OffsetsFractionsAndLowerCaseAreRead) {
  const auto same = parse_rfc3339("2026-11-21T17:57:37.5Z");
  EXPECT_EQ(parse_rfc3339("2026-11-21T18:57:37.500000+01:00"), same);
  EXPECT_EQ(parse_rfc3339("2026-11-21t12:27:37.5000000009-05:30"), same);
  EXPECT_EQ(parse_rfc3339("2026-11-21T17:57:37.5z"), same);
  EXPECT_EQ(parse_rfc3339("2026-11-21T17:57:37.5-00:00"), same);
}

TEST(Time, WrongTextIsRefused) {
  for (const std::string text :
       {"", "2026-11-21", "2026-11-21T17:57:37", "2026-11-21 17:57:37Z", "2026-13-21T17:57:37Z",
        "2026-02-29T17:57:37Z", "2026-11-21T24:00:00Z", "2026-11-21T17:60:00Z", "2026-12-31T23:59:60Z",
        "2026-11-21T17:57:37.Z", "2026-11-21T17:57:37+24:00", "2026-11-21T17:57:37+01:60",
        "2026-11-21T17:57:37+0100", "2026-11-21T17:57:37Z ", "02026-11-21T17:57:37Z",
        "-026-11-21T17:57:37Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

// A separator was compared without its sixth bit: a carriage return passed as a dash.
TEST(Time, ControlCharactersAreNoSeparators) {
  EXPECT_FALSE(parse_rfc3339("2026\r11-21T17:57:37Z"));
  EXPECT_FALSE(
      parse_rfc3339("2026-11-21T17\x1a"
                    "57:37Z"));
}

// An offset led out of the years that four digits and PostgreSQL can write.
TEST(Time, OffsetsLeadingOutOfTheYearsAreRefused) {
  EXPECT_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01"));
  EXPECT_FALSE(parse_rfc3339("0000-12-31T23:59:59Z"));
  EXPECT_FALSE(parse_rfc3339("0001-01-01T00:00:00+12:00"));
  EXPECT_TRUE(parse_rfc3339("0001-01-01T12:00:00+12:00"));
  EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01"));
}

}  // namespace
}  // namespace runbook
