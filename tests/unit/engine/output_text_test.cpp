#include "controller/store/output_text.hpp"

#include <gtest/gtest.h>

#include "protocol/messages/json.hpp"

namespace runbook::store {
namespace {

TEST(OutputText, LeavesWellFormedTextAlone) {
  const std::string text = "a\n\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  EXPECT_EQ(output_text(text, false), text);
}

TEST(OutputText, ReplacesWhatIsBroken) {
  EXPECT_EQ(output_text("a\xFFz", false), "a\xEF\xBF\xBDz");
  EXPECT_EQ(output_text("\xE2\x82", false), "\xEF\xBF\xBD");              // cut at the end: one
  EXPECT_EQ(output_text("\xC0\xAF", false), "\xEF\xBF\xBD\xEF\xBF\xBD");  // overlong
  EXPECT_EQ(output_text("\xED\xA0\x80", false), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // surrogate
}

TEST(OutputText, LeavesOutTheRestOfACharacterCutAtTheFront) {
  EXPECT_EQ(output_text("\x82\xACx", true), "x");
  EXPECT_EQ(output_text("\x82\xACx", false), "\xEF\xBF\xBD\xEF\xBF\xBDx");
}

TEST(OutputText, IsAlwaysWellFormed) {
  std::string bytes;
  for (int a = 0; a < 256; ++a) {
    for (const int b : {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF}) {
      bytes += static_cast<char>(a);
      bytes += static_cast<char>(b);
    }
  }
  EXPECT_TRUE(is_utf8(output_text(bytes, false)));
}

}  // namespace
}  // namespace runbook::store
