#include "controller/domain/slug.hpp"

#include <gtest/gtest.h>

#include "protocol/messages/limits.hpp"

namespace runbook::domain {
namespace {

TEST(Slug, IsMadeFromTheName) {
  const auto slug = [](std::string_view name) { return make_slug(name, 2, {}); };
  EXPECT_EQ(slug("Restart nginx"), "restart_nginx");
  EXPECT_EQ(slug("  Check -- disk/inodes!  "), "check_disk_inodes");
  EXPECT_EQ(slug("1. Read this"), "read_this");
  EXPECT_EQ(slug("Top 20"), "top_20");
  EXPECT_EQ(slug("\xC3\x9C"
                 "berpr\xC3\xBC"
                 "fung"),
            "uberprufung");
  EXPECT_EQ(slug("\xC5\xBD"
                 "ivot"),
            "zivot");
}

TEST(Slug, ANameWithoutLatinLettersIsNumberedByItsPlace) {
  EXPECT_EQ(make_slug("\xD0\xBF\xD1\x80\xD0\xBE\xD0\xB2\xD0\xB5\xD1\x80\xD0\xBA\xD0\xB0", 0, {}), "step_1");
  EXPECT_EQ(make_slug("123", 2, {}), "step_3");
  EXPECT_EQ(make_slug("\xF0\x9F\x94\xA5", 9, {}), "step_10");
}

TEST(Slug, EqualNamesAreNumbered) {
  EXPECT_EQ(make_slug("a", 0, {"a"}), "a_2");
  EXPECT_EQ(make_slug("a", 0, {"a", "a_2"}), "a_3");
  EXPECT_EQ(make_slug("-", 0, {"step_1"}), "step_1_2");
}

TEST(Slug, IsAlwaysOneAndBounded) {
  const auto slug = make_slug(std::string(500, 'x'), 0, {});
  EXPECT_TRUE(is_slug(slug));
  EXPECT_LE(slug.size(), limits::kSlugBytes);
  for (const auto* text : {"", "A", "1a", "_a", "a-b", "a b", "\xC3\xA4"})
    EXPECT_FALSE(is_slug(text)) << text;
  for (const auto* text : {"a", "a_1", "abc"}) EXPECT_TRUE(is_slug(text)) << text;
}

// A cut inside of a character, or bytes that are none, must not read past the end.
TEST(Slug, SurvivesBrokenText) {
  EXPECT_EQ(make_slug("a\xC3", 0, {}), "a");
  EXPECT_EQ(make_slug("\xC5", 0, {}), "step_1");
}

}  // namespace
}  // namespace runbook::domain
