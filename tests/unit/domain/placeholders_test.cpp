#include "controller/domain/placeholders.hpp"

#include <gmock/gmock.h>

#include <random>

#include "controller/domain/shell_text.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> sources(std::string_view text) {
  std::vector<std::string> found;
  const auto placeholders = find_placeholders(text);
  if (!placeholders) return {to_string(placeholders.error())};
  for (const auto& each : *placeholders) found.emplace_back(each.source(text));
  return found;
}

TEST(Placeholders, EndWhereTheirExpressionDoes) {
  EXPECT_THAT(sources("a ${{ x }} b ${{y}}c"), ElementsAre(" x ", "y"));
  EXPECT_THAT(sources("${{ '}}' }}"), ElementsAre(" '}}' "));
  EXPECT_THAT(sources("${{ \"}}\" + '\\'}}' }}"), ElementsAre(" \"}}\" + '\\'}}' "));
  EXPECT_THAT(sources("${{ r'\\' }} ${{ y }}"), ElementsAre(" r'\\' ", " y "));
  EXPECT_THAT(sources("${{ bR\"\\\" }}"), ElementsAre(" bR\"\\\" "));
  EXPECT_THAT(sources("${{ '''it's }}''' }}"), ElementsAre(" '''it's }}''' "));
  EXPECT_THAT(sources("${{ \"\"\"a\n}}\"\"\" }}"), ElementsAre(" \"\"\"a\n}}\"\"\" "));
  EXPECT_THAT(sources("${{ {'a': {'b': 1}} }}"), ElementsAre(" {'a': {'b': 1}} "));
  EXPECT_THAT(sources("${{ {'a': 1}}}"), ElementsAre(" {'a': 1}"));
  EXPECT_THAT(sources("${{ x // }}\n}}"), ElementsAre(" x // }}\n"));
  EXPECT_THAT(sources("${{ ( }} a"), ElementsAre(" ( "));
  EXPECT_THAT(sources("${{ a }}}"), ElementsAre(" a "));
  EXPECT_THAT(sources("$ {{ a }} $\n{{ a }} {{ a }} $${ {a}}"), IsEmpty());
  EXPECT_THAT(sources("$${{ a }}"), ElementsAre(" a "));
}

TEST(Placeholders, WithoutAnEndSayWhereTheyBegin) {
  EXPECT_THAT(sources("a\n ${{ x } }"), ElementsAre("line 2, column 2: no }} ends the ${{ that begins here"));
  EXPECT_THAT(sources("${{ 'a }}"), ElementsAre("line 1, column 1: no }} ends the ${{ that begins here"));
  EXPECT_THAT(sources("\xC3\xA4 ${{"), ElementsAre("line 1, column 3: no }} ends the ${{ that begins here"));
  EXPECT_THAT(sources("${{ \n }}"), ElementsAre("line 1, column 1: an expression must stand in ${{ }}"));
}

TEST(Placeholders, AreCounted) {
  std::string text;
  for (std::size_t i = 0; i < limits::kPlaceholders; ++i) text += "${{ a }}";
  EXPECT_EQ(sources(text).size(), limits::kPlaceholders);
  EXPECT_EQ(sources(text + "${{ a }}").size(), 1u);
}

// Whatever the text, reading it ends, and every placeholder is judged at most once.
TEST(ShellText, SurvivesRandomTexts) {
  constexpr std::string_view kBytes = "abEx=V'\"\\$(){}[]`#;&|<>\n\t !-*~+\xC3\xA4";
  constexpr std::array<std::string_view, 14> kPieces{"${{ x }}", "<<E\n", "\nE\n", "case a in ", "esac",
                                                     " [[ ",     " ]] ",  "$((",   "${a:-",      "$'",
                                                     "a[",       "a=(",   "for ",  ";;"};
  constexpr int kTexts = 100'000;
  std::mt19937 random(7);
  for (int i = 0; i < kTexts; ++i) {
    std::string text;
    const auto length = random() % 40;
    for (std::size_t at = 0; at < length; ++at) {
      if (random() % 3 == 0) {
        text += kPieces[random() % kPieces.size()];
      } else {
        text.push_back(kBytes[random() % kBytes.size()]);
      }
    }
    const auto placeholders = find_placeholders(text);
    if (!placeholders) continue;
    const auto family = static_cast<ShellFamily>(random() % 4);
    const auto errors = judge_shell_text(text, *placeholders, family);
    ASSERT_LE(errors.size(), placeholders->size()) << text;
  }
}

}  // namespace
}  // namespace runbook::domain
