#include "controller/domain/parameters.hpp"

#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/unit/domain/judged.hpp"

namespace runbook::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
namespace json = boost::json;

std::vector<Parameter> parameters(const std::string& definitions) {
  const auto judged = judge(R"({"title": "t", "blocks": [], "parameters": )" + definitions + "}");
  EXPECT_TRUE(judged) << definitions;
  return judged ? judged->parameters : std::vector<Parameter>{};
}

Result<json::object> give(const std::string& definition, const std::string& value) {
  return judge_parameters(parameters("[" + definition + "]"),
                          json::parse("{\"p\": " + value + "}").as_object());
}

struct Case {
  const char* definition;
  const char* value;
  const char* fault;  // empty: none
};

class ParameterTable : public ::testing::TestWithParam<Case> {};

TEST_P(ParameterTable, ValueIsJudgedByItsRow) {
  const auto faults = faults_of(give(GetParam().definition, GetParam().value));
  const std::string expected = GetParam().fault;
  EXPECT_EQ(faults.empty() ? "" : faults.front(), expected.empty() ? "" : "/parameters/p " + expected)
      << GetParam().definition << " " << GetParam().value;
}

constexpr auto kString = R"({"name": "p", "type": "string"})";
constexpr auto kPattern = R"({"name": "p", "type": "string", "pattern": "[a-z]+"})";
constexpr auto kInteger = R"({"name": "p", "type": "integer"})";
constexpr auto kNumber = R"({"name": "p", "type": "number"})";
constexpr auto kBoolean = R"({"name": "p", "type": "boolean"})";
constexpr auto kChoice = R"({"name": "p", "type": "choice", "choices": ["a", "b"]})";
constexpr Case kCases[] = {
    {kString, R"("")", ""},
    {kString, R"~("; rm -rf / $(x)")~", ""},
    {kString, "1", "wrong_type"},
    {kString, R"("a\u0000b")", "bad_value"},
    {kPattern, R"("abc")", ""},
    {kPattern, R"("abc1")", "bad_value"},
    {kPattern, R"("")", "bad_value"},
    {kInteger, "-5", ""},
    {kInteger, "5.0", ""},
    {kInteger, "5.5", "wrong_type"},
    {kInteger, "1e30", "wrong_type"},
    {kInteger, "9223372036854775807", ""},
    {kInteger, "9223372036854775808", "wrong_type"},
    {kInteger, R"("5")", "wrong_type"},
    {kNumber, "5", ""},
    {kNumber, "-0.25", ""},
    {kNumber, "true", "wrong_type"},
    {kBoolean, "false", ""},
    {kBoolean, "0", "wrong_type"},
    {kChoice, R"("b")", ""},
    {kChoice, R"("c")", "bad_value"},
    {kChoice, "0", "wrong_type"},
    {kString, "{}", "wrong_type"},
};
INSTANTIATE_TEST_SUITE_P(Table, ParameterTable, ::testing::ValuesIn(kCases));

class DefinitionTable : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(DefinitionTable, IsJudgedByItsRow) {
  const auto [definition, fault] = GetParam();
  const auto judged =
      judge(std::string(R"({"title": "t", "blocks": [], "parameters": [)") + definition + "]}");
  EXPECT_THAT(faults_of(judged), ElementsAre(std::string("/parameters/0") + fault)) << definition;
}

constexpr std::pair<const char*, const char*> kDefinitions[] = {
    {R"({"type": "string"})", "/name required"},
    {R"({"name": "p"})", "/type required"},
    {R"({"name": "Path", "type": "string"})", "/name bad_value"},
    {R"({"name": "a-b", "type": "string"})", "/name bad_value"},
    {R"({"name": "p", "type": "choice"})", "/choices required"},
    {R"({"name": "p", "type": "choice", "choices": []})", "/choices required"},
    {R"({"name": "p", "type": "choice", "choices": ["a", "a"]})", "/choices/1 duplicate"},
    {R"({"name": "p", "type": "string", "choices": ["a"]})", "/choices bad_value"},
    {R"({"name": "p", "type": "integer", "pattern": "x"})", "/pattern bad_value"},
    {R"~({"name": "p", "type": "string", "pattern": "("})~", "/pattern bad_value"},
    {R"~({"name": "p", "type": "string", "pattern": "(?=x)"})~", "/pattern bad_value"},
    {R"({"name": "p", "type": "integer", "default": "x"})", "/default wrong_type"},
    {R"({"name": "p", "type": "choice", "choices": ["a"], "default": "b"})", "/default bad_value"},
    {R"({"name": "p", "type": "string", "unit": "s"})", "/unit unknown_field"},
    {R"({"name": "p", "type": "string", "secret": true, "default": "x"})", "/default bad_value"},
    {R"({"name": "p", "type": "integer", "secret": "yes"})", "/secret wrong_type"},
};
INSTANTIATE_TEST_SUITE_P(Table, DefinitionTable, ::testing::ValuesIn(kDefinitions));

TEST(Parameters, ValuesMayBeAsLongAsTheLimit) {
  const auto given = [](std::size_t bytes) { return give(kString, '"' + std::string(bytes, 'x') + '"'); };
  EXPECT_TRUE(given(limits::kParameterValueBytes));
  EXPECT_THAT(faults_of(given(limits::kParameterValueBytes + 1)), ElementsAre("/parameters/p too_long"));
}

TEST(Parameters, EveryFaultIsNamed) {
  const auto known =
      parameters(R"([{"name": "a", "type": "string", "required": true}, {"name": "b", "type": "integer"}])");
  EXPECT_THAT(
      faults_of(judge_parameters(known, json::parse(R"({"b": "x", "c": 1})").as_object())),
      ElementsAre("/parameters/a required", "/parameters/b wrong_type", "/parameters/c unknown_field"));
}

TEST(Parameters, FitIntoAnEnvironmentTogether) {
  const auto known = parameters(R"([{"name": "a", "type": "string"}, {"name": "b", "type": "string"},
    {"name": "c", "type": "string"}, {"name": "d", "type": "string"}, {"name": "e", "type": "string"},
    {"name": "f", "type": "string"}])");
  boost::json::object given;
  for (const auto* name : {"a", "b", "c", "d", "e"})
    given[name] = std::string(limits::kParameterValueBytes, 'x');
  EXPECT_TRUE(judge_parameters(known, given));
  given["f"] = std::string(limits::kParameterValueBytes, 'x');
  EXPECT_THAT(faults_of(judge_parameters(known, given)), ElementsAre("/parameters too_long"));
}

TEST(Parameters, DefaultsFillInAndUnsetOnesAreAbsent) {
  const auto known = parameters(R"([{"name": "a", "type": "string", "default": "x", "required": true},
                                    {"name": "b", "type": "integer"},
                                    {"name": "c", "type": "boolean", "default": false}])");
  const auto values = judge_parameters(known, json::parse(R"({"b": null})").as_object());
  ASSERT_TRUE(values);
  EXPECT_EQ(*values, json::parse(R"({"a": "x", "c": false})").as_object());
}

TEST(Parameters, ReachTheEnvironmentAsTheyAre) {
  const auto values =
      json::parse(R"({"path": "/tmp/a b\n", "size": 1.5, "count": 3, "force": true})").as_object();
  EXPECT_THAT(parameter_environment(values),
              ElementsAre(Pair("RUNBOOK_PARAM_COUNT", "3"), Pair("RUNBOOK_PARAM_FORCE", "true"),
                          Pair("RUNBOOK_PARAM_PATH", "/tmp/a b\n"), Pair("RUNBOOK_PARAM_SIZE", "1.5")));
  EXPECT_EQ(environment_name("example.com/role-x9"), "EXAMPLE_COM_ROLE_X9");
}

}  // namespace
}  // namespace runbook::domain
