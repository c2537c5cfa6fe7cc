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

std::string shown(std::string_view line) {
  std::string kept;
  return std::string(shown_line(line, kept));
}

TEST(ShownLine, IsTheLineWhenNothingIsHidden) { EXPECT_EQ(shown("ERROR: disk"), "ERROR: disk"); }

TEST(ShownLine, HasNoEscapeSequences) {
  EXPECT_EQ(shown("\x1b[31mERROR\x1b[0m: disk"), "ERROR: disk");
  EXPECT_EQ(shown("\x1b]8;;http://a\x07link\x1b]8;;\x1b\\ end"), "link end");
  EXPECT_EQ(shown("\x1b]0;title\x1b[1mbold"), "bold");
  EXPECT_EQ(shown("\x1b(Bplain\x1b"
                  "c"),
            "plain");
  EXPECT_EQ(shown("cut \x1b[3"), "cut ");
  EXPECT_EQ(shown("cut \x1b"), "cut ");
  EXPECT_EQ(shown("\x1b]0;never ends"), "");
}

TEST(ShownLine, IsTheLastOverwrite) {
  EXPECT_EQ(shown("10 %\r50 %\r100 %"), "100 %");
  EXPECT_EQ(shown("windows\r"), "windows");
  EXPECT_EQ(shown("\r\r"), "");
}

}  // namespace
}  // namespace runbook::store
