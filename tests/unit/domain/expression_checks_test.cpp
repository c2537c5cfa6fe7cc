#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/unit/domain/judged.hpp"

namespace runbook::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Three blocks a, b, c; b is the one that is looked at.
Result<Runbook> around(const std::string& block) {
  return judge(R"({"title": "t", "parameters": [{"name": "p", "type": "string"}], "blocks": [
    {"type": "instruction", "name": "a", "config": {"text": "x"}}, )" +
               block + R"(, {"type": "instruction", "name": "c", "config": {"text": "x"}}]})");
}

Result<Runbook> with_when(const std::string& when) {
  return around(R"({"type": "instruction", "name": "b", "when": ")" + when +
                R"(", "config": {"text": "x"}})");
}

Result<Runbook> with_text(const std::string& text) {
  return around(R"({"type": "instruction", "name": "b", "config": {"text": ")" + text + R"("}})");
}

TEST(ExpressionChecks, TakeEarlierStepsAndKnownParameters) {
  for (const auto* when : {"steps.a.status == 'success'", "steps['a'].exit_code == 0", "params.p == 'x'",
                           "has(params.p) && execution.reason != ''", "steps[params.p].status == 'x'",
                           "[1, 2].exists(n, n == 2)", "steps.exists(s, s == 'a')"}) {
    EXPECT_THAT(faults_of(with_when(when)), IsEmpty()) << when;
  }
  EXPECT_THAT(faults_of(with_text("${{ steps.a.output }} and ${{ params.p }}")), IsEmpty());
}

TEST(ExpressionChecks, RefuseWhatIsNotThereOrNotThereYet) {
  EXPECT_THAT(faults_of(with_when("steps.x.status == ''")), ElementsAre("/blocks/1/when unknown_step"));
  EXPECT_THAT(faults_of(with_when("steps.b.status == ''")), ElementsAre("/blocks/1/when not_earlier"));
  EXPECT_THAT(faults_of(with_when("steps.c.status == ''")), ElementsAre("/blocks/1/when not_earlier"));
  EXPECT_THAT(faults_of(with_when("params.q == ''")), ElementsAre("/blocks/1/when unknown_parameter"));
  EXPECT_THAT(faults_of(with_when("parameters.p == ''")), ElementsAre("/blocks/1/when bad_expression"));
  EXPECT_THAT(faults_of(with_when("")), ElementsAre("/blocks/1/when bad_value"));
  EXPECT_THAT(faults_of(with_text("${{ steps.c.output }}")),
              ElementsAre("/blocks/1/config/text not_earlier"));
  EXPECT_THAT(faults_of(with_text("${{ params.q }}")),
              ElementsAre("/blocks/1/config/text unknown_parameter"));
}

TEST(ExpressionChecks, SayWhere) {
  EXPECT_THAT(with_when("1 == 1 &&").error().faults.at(0).message, HasSubstr("line 1, column 10"));
  EXPECT_THAT(with_text("one\\ntw\xC3\xB6 ${{ 1 +* 2 }}").error().faults.at(0).message,
              HasSubstr("line 2, column 12: in ${{ }}"));
  EXPECT_THAT(with_text("a ${{ 1 +\\n  * }}").error().faults.at(0).message, HasSubstr("line 2, column 3"));
  EXPECT_THAT(with_text("a\\n  ${{ params.q }}").error().faults.at(0).message,
              HasSubstr("line 2, column 3: "));
  EXPECT_THAT(with_text("a\\n  ${{ params.q").error().faults.at(0).message,
              HasSubstr("line 2, column 3: no }}"));
  const auto command = around(
      R"({"type": "command", "name": "b",
          "config": {"command": "a\nb '${{ params.p }}' \"${{ params.p }}\""}})");
  ASSERT_EQ(command.error().faults.size(), 2u);
  EXPECT_THAT(command.error().faults[0].message,
              HasSubstr("line 2, column 4: ${{ }} cannot stand inside single"));
  EXPECT_THAT(command.error().faults[1].message,
              HasSubstr("line 2, column 22: ${{ }} cannot stand inside double"));
}

// Blocks are sorted by `order`, but faults point to where each stands in the document.
TEST(ExpressionChecks, PointIntoTheDocumentAsItWasGiven) {
  const auto judged = judge(R"({"title": "t", "blocks": [
    {"type": "condition", "name": "late", "order": 5,
     "config": {"expression": "true", "then": {"goto": "early"}}},
    {"type": "condition", "name": "early", "order": 1,
     "config": {"expression": "steps.late.status == ''", "then": {"goto": "late"}}}]})");
  EXPECT_THAT(faults_of(judged),
              ElementsAre("/blocks/1/config/expression not_earlier", "/blocks/0/config/then/goto not_later"));
}

TEST(ExpressionChecks, AGotoMayNameASlugThatWasMade) {
  EXPECT_THAT(faults_of(around(R"({"type": "condition", "name": "b",
                "config": {"expression": "true", "then": {"goto": "c"}}})")),
              IsEmpty());
}

TEST(ExpressionChecks, CountThePlaceholders) {
  const auto text = [](std::size_t count) {
    std::string placeholders;
    for (std::size_t i = 0; i < count; ++i) placeholders += "${{ 1 }}";
    return placeholders;
  };
  EXPECT_THAT(faults_of(with_text(text(limits::kPlaceholders))), IsEmpty());
  EXPECT_THAT(faults_of(with_text(text(limits::kPlaceholders + 1))),
              ElementsAre("/blocks/1/config/text bad_placeholder"));
  const auto body = [&](std::size_t count) {
    std::string items = R"("a")";
    for (std::size_t i = 0; i < count / 100; ++i) items += ",\"" + text(100) + '"';
    return around(R"({"type": "api", "name": "b", "config": {"url": "http://a/)" + text(count % 100) +
                  R"(", "body": [)" + items + "]}}");
  };
  EXPECT_THAT(faults_of(body(limits::kBlockPlaceholders)), IsEmpty());
  EXPECT_THAT(faults_of(body(limits::kBlockPlaceholders + 1)), ElementsAre("/blocks/1/config too_many"));
}

}  // namespace
}  // namespace runbook::domain
