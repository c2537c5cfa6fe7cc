#include "controller/domain/preparation.hpp"

#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"

namespace runbook::domain {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

Variables variables() {
  return json::parse(R"({
    "params": {"name": "a b/c?d&e=\u00e4", "count": 3, "rate": 1.5, "force": true,
               "list": ["x", 1], "none": null,
               "lines": "a\r\nEvil: b", "up": "..", "dot": "."},
    "steps": {"probe": {"status": "success", "exit_code": 0, "stdout": "ok\n", "json": {"id": 7}}},
    "execution": {"id": "e1", "title": "T"}})")
      .as_object();
}

CommandConfig command(std::string text) {
  CommandConfig config;
  config.command = std::move(text);
  return config;
}

TEST(CommandText, PutsValuesIntoVariables) {
  const auto made = command_text(
      command("echo ${{ params.name }} ${{ params.count }}\nx=${{  params.name }}${{ steps.probe.stdout }}"),
      variables());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->script,
            "echo \"$RUNBOOK_VALUE_1\" \"$RUNBOOK_VALUE_2\"\nx=\"$RUNBOOK_VALUE_1\"\"$RUNBOOK_VALUE_3\"");
  EXPECT_THAT(made->values, ElementsAre(Pair("RUNBOOK_VALUE_1", "a b/c?d&e=\xC3\xA4"),
                                        Pair("RUNBOOK_VALUE_2", "3"), Pair("RUNBOOK_VALUE_3", "ok\n")));
}

TEST(CommandText, SpellsEveryTypeOfValue) {
  const auto made =
      command_text(command("${{ params.force }} ${{ params.rate }} ${{ params.list }} ${{ 2.0 }} "
                           "${{ steps.probe.json }} ${{ 'a' + 'b' }}"),
                   variables());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->values,
              ElementsAre(Pair("RUNBOOK_VALUE_1", "true"), Pair("RUNBOOK_VALUE_2", "1.5"),
                          Pair("RUNBOOK_VALUE_3", R"(["x",1])"), Pair("RUNBOOK_VALUE_4", "2"),
                          Pair("RUNBOOK_VALUE_5", R"({"id":7})"), Pair("RUNBOOK_VALUE_6", "ab")));
}

TEST(CommandText, PutsValuesIntoTheEnvironmentOfTheBlock) {
  auto config = command("env");
  config.environment = {{"A", "x ${{ params.count }} y"}, {"B", "plain"}};
  const auto made = command_text(config, variables());
  ASSERT_TRUE(made);
  EXPECT_THAT(made->environment, ElementsAre(Pair("A", "x 3 y"), Pair("B", "plain")));
  EXPECT_THAT(made->values, IsEmpty());
}

TEST(CommandText, LeavesArgumentsAlone) {
  CommandConfig config;
  config.argv = {"echo", "a"};
  const auto made = command_text(config, variables());
  ASSERT_TRUE(made);
  EXPECT_EQ(made->script, "");
}

std::string error_of(const std::string& text) {
  const auto made = command_text(command(text), variables());
  return made ? "" : made.error().message;
}

TEST(CommandText, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(error_of("echo\n  ${{ params.none }}"), HasSubstr("command: line 2, column 3: in ${{ }}: "));
  EXPECT_THAT(error_of("echo ${{ params.missing }}"), HasSubstr("command: line 1, column "));
  EXPECT_THAT(error_of("echo ${{ 1 / 0 }}"), HasSubstr("command: line 1, column "));
  EXPECT_THAT(error_of("echo ${{ \"a\\x00b\" }}"), HasSubstr("contains NUL"));
  auto config = command("true");
  config.environment = {{"A", "a\n${{ params.none }}"}};
  EXPECT_THAT(command_text(config, variables()).error().message,
              HasSubstr("environment A: line 2, column 1: in ${{ }}: "));
}

// 100 KiB must fit into one variable, and no variable may become one that execve refuses.
TEST(CommandText, BoundsItsVariables) {
  const auto sized = [](std::size_t bytes) {
    auto all = variables();
    all["params"].as_object()["big"] = std::string(bytes, 'x');
    return command_text(command("echo ${{ params.big }}"), all);
  };
  EXPECT_TRUE(sized(limits::kParameterValueBytes));
  constexpr std::size_t kName = sizeof("RUNBOOK_VALUE_1=") - 1;
  EXPECT_TRUE(sized(limits::kVariableBytes - kName));
  EXPECT_FALSE(sized(limits::kVariableBytes - kName + 1));
}

TEST(CommandText, BoundsItsWholeEnvironment) {
  const auto made = [](std::size_t count) {
    auto config = command("true");
    for (std::size_t i = 0; i < count; ++i) config.environment["V" + std::to_string(i)] = "${{ params.big }}";
    return command_text(config, {{"params", {{"big", std::string(limits::kParameterValueBytes, 'x')}}}});
  };
  EXPECT_TRUE(made(4)) << "the parameter itself is one more";
  EXPECT_FALSE(made(5));
}

// It travels in one message, where a control character takes six bytes.
TEST(CommandText, FitsIntoOneMessage) {
  EXPECT_TRUE(command_text(command(std::string(900 * 1024, 'x')), variables()));
  EXPECT_FALSE(command_text(command(std::string(1000 * 1024, 'x')), variables()));
  EXPECT_FALSE(command_text(command(std::string(300 * 1024, '\x01')), variables()));
}

ApiConfig api(std::string url) {
  ApiConfig config;
  config.url = std::move(url);
  return config;
}

TEST(ApiRequestText, EncodesValuesInTheUrl) {
  auto config = api("https://a.example/x/${{ params.name }}/y?z=${{ params.name }}&n=${{ params.count }}");
  config.query = {{"q w", "1 ${{ params.name }}+"}, {"e", ""}};
  const auto made = api_request(config, variables());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->url,
            "https://a.example/x/a%20b%2Fc%3Fd%26e%3D%C3%A4/y?z=a%20b%2Fc%3Fd%26e%3D%C3%A4&n=3"
            "&e=&q%20w=1%20a%20b%2Fc%3Fd%26e%3D%C3%A4%2B");
}

TEST(ApiRequestText, BeginsTheQueryWhereThereIsNone) {
  auto config = api("https://a.example");
  config.query = {{"a", "~-._"}};
  EXPECT_EQ(api_request(config, variables())->url, "https://a.example?a=~-._");
}

TEST(ApiRequestText, LetsNoValueClimbInThePath) {
  for (const auto* url :
       {"https://a.example/x/${{ params.up }}/y", "https://a.example/${{ params.dot }}",
        "https://a.example/.${{ params.dot }}/y", "https://a.example/%2e${{ params.dot }}"}) {
    const auto made = api_request(api(url), variables());
    ASSERT_FALSE(made) << url;
    EXPECT_THAT(made.error().message, HasSubstr("url: "));
  }
  EXPECT_TRUE(api_request(api("https://a.example/x${{ params.up }}"), variables()));
  EXPECT_TRUE(api_request(api("https://a.example/../x?a=${{ params.up }}"), variables()));
}

TEST(ApiRequestText, BoundsUrlsAndHeaders) {
  auto all = variables();
  all["params"].as_object()["big"] = std::string(limits::kUrlBytes, 'x');
  EXPECT_FALSE(api_request(api("https://a.example/${{ params.big }}"), all));
  auto config = api("https://a.example/");
  config.query = {{"a", "${{ params.big }}"}};
  EXPECT_FALSE(api_request(config, all));
  config.query.clear();
  config.headers = {{"A", "${{ params.big }}"}};
  EXPECT_TRUE(api_request(config, all));
  config.headers = {{"A", "${{ params.big }}x"}};
  EXPECT_FALSE(api_request(config, all));
}

TEST(ApiRequestText, LetsNoValueEndAHeader) {
  auto config = api("https://a.example/");
  config.headers = {{"X-A", "v ${{ params.count }}"}};
  const auto made = api_request(config, variables());
  ASSERT_TRUE(made);
  EXPECT_THAT(made->headers, ElementsAre(Pair("X-A", "v 3")));
  config.headers = {{"X-A", "v ${{ params.lines }}"}};
  EXPECT_THAT(api_request(config, variables()).error().message,
              HasSubstr("header X-A: line 1, column 3: the value contains CR, LF or NUL"));
}

TEST(ApiRequestText, KeepsTypesInAJsonBody) {
  auto config = api("https://a.example/");
  config.method = "POST";
  config.body = json::parse(R"({"n": "${{ params.count }}", "t": "n=${{ params.count }}", 
    "l": ["${{ params.list }}"], "f": "${{ params.force }}",
    "s": "${{ params.name }}", "z": "${{ params.none }}",
    "o": "${{ steps.probe.json }}",
    "plain": [1, null, "x"]})");
  const auto made = api_request(config, variables());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(
      json::parse(made->body),
      json::parse(R"({"n": 3, "t": "n=3", "l": [["x", 1]], "f": true, "s": "a b/c?d&e=\u00e4", "z": null,
                            "o": {"id": 7}, "plain": [1, null, "x"]})"));
  EXPECT_THAT(made->headers, ElementsAre(Pair("Content-Type", "application/json")));
  config.body = json::parse(R"({"a/b": [0, "x\n${{ params.missing }}"]})");
  EXPECT_THAT(api_request(config, variables()).error().message, HasSubstr("body/a~1b/1: line 2, column "));
  config.body = json::parse(R"(["x ${{ params.none }}"])");
  EXPECT_FALSE(api_request(config, variables()));
}

TEST(ApiRequestText, PutsValuesIntoATextBody) {
  auto config = api("https://a.example/");
  config.method = "PUT";
  config.headers = {{"content-type", "text/x"}};
  config.body = "${{ params.count }}";
  const auto made = api_request(config, variables());
  ASSERT_TRUE(made);
  EXPECT_EQ(made->body, "3");
  EXPECT_THAT(made->headers, ElementsAre(Pair("content-type", "text/x")));
}

TEST(ApiRequestText, KnowsWhatMayBeRepeated) {
  const auto repeatable = [](std::string method, std::optional<bool> flag, bool key) {
    auto config = api("https://a.example/");
    config.method = std::move(method);
    config.idempotent = flag;
    if (key) config.headers = {{"idempotency-key", "k"}};
    return api_request(config, variables())->repeatable;
  };
  for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}) {
    EXPECT_TRUE(repeatable(method, {}, false)) << method;
    EXPECT_FALSE(repeatable(method, false, false)) << method;
  }
  for (const auto* method : {"POST", "PATCH"}) {
    EXPECT_FALSE(repeatable(method, {}, false)) << method;
    EXPECT_TRUE(repeatable(method, true, false)) << method;
    EXPECT_TRUE(repeatable(method, {}, true)) << method;
  }
}

TEST(ApiRequestText, SurvivesBeingFrozen) {
  auto config = api("https://a.example/${{ params.count }}");
  config.method = "POST";
  config.headers = {{"A", "1"}, {"B", "2"}};
  config.body = "text \xC3\xA4";
  const auto made = api_request(config, variables());
  ASSERT_TRUE(made);
  EXPECT_EQ(to_json(api_request_from_json(to_json(*made))), to_json(*made));
}

TEST(ExpectedStatus, IsOneOfTheRanges) {
  ApiConfig config;
  EXPECT_TRUE(is_expected(config, 200));
  EXPECT_TRUE(is_expected(config, 299));
  EXPECT_FALSE(is_expected(config, 300));
  config.expected_status = {{404, 404}, {500, 502}};
  EXPECT_TRUE(is_expected(config, 404));
  EXPECT_TRUE(is_expected(config, 501));
  EXPECT_FALSE(is_expected(config, 200));
}

TEST(InstructionText, HasItsValuesInPlace) {
  const InstructionConfig config{.text =
                                     "# ${{ execution.title }}\n${{ params.count }} of ${{ params.list }}"};
  EXPECT_EQ(instruction_text(config, variables()).value(), "# T\n3 of [\"x\",1]");
  const InstructionConfig broken{.text = "a\n ${{ steps.other.stdout }}"};
  EXPECT_THAT(instruction_text(broken, variables()).error().message, HasSubstr("text: line 2, column "));
}

TEST(InstructionText, IsBounded) {
  const auto made = [](std::size_t bytes) {
    return instruction_text({.text = "${{ params.big }}${{ params.big }}"},
                            {{"params", {{"big", std::string(bytes, 'x')}}}});
  };
  EXPECT_TRUE(made(limits::kRenderedBytes / 2));
  EXPECT_FALSE(made(limits::kRenderedBytes / 2 + 1));
}

TEST(Truth, IsABoolAndNothingElse) {
  const auto of = [](std::string text) {
    return condition({.expression = std::move(text), .then = {}, .otherwise = {}}, variables());
  };
  EXPECT_TRUE(of("params.count == 3").value());
  EXPECT_FALSE(of("params.count > 3").value());
  EXPECT_THAT(of("params.count").error().message, HasSubstr("expression: line 1, column 1: "));
  EXPECT_THAT(of("true && params.missing").error().message, HasSubstr("expression: line 1, column "));
  Block block;
  EXPECT_TRUE(applies(block, variables()).value());
  block.when = "steps.probe.exit_code != 0";
  EXPECT_FALSE(applies(block, variables()).value());
  block.when = "steps.probe.stdout";
  EXPECT_THAT(applies(block, variables()).error().message, HasSubstr("when: line 1, column 1: "));
}

TEST(NeededStepsOfABlock, AreThoseItsTextsName) {
  Block block;
  block.when = "steps.a.status == 'success'";
  auto config = command("echo ${{ steps.b.stdout }} ${{ steps['c'].json.x }}");
  config.environment = {{"A", "${{ steps.d.stdout }}"}};
  block.config = config;
  auto needed = needed_steps(block);
  EXPECT_FALSE(needed.all);
  EXPECT_THAT(needed.slugs, UnorderedElementsAre("a", "b", "c", "d"));
  auto request = api("https://a.example/${{ steps.u.stdout }}");
  request.headers = {{"A", "${{ steps.h.stdout }}"}};
  request.query = {{"A", "${{ steps.q.stdout }}"}};
  request.body = json::parse(R"({"x": ["${{ steps.j.stdout }}"]})");
  block.config = request;
  EXPECT_THAT(needed_steps(block).slugs, UnorderedElementsAre("a", "u", "h", "q", "j"));
  block.config = ConditionConfig{.expression = "steps[params.x].status == ''", .then = {}, .otherwise = {}};
  EXPECT_TRUE(needed_steps(block).all);
}

}  // namespace
}  // namespace runbook::domain
