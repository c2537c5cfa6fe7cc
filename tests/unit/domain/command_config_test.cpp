#include <fmt/format.h>
#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/unit/domain/judged.hpp"

namespace runbook::domain {
namespace {

using ::testing::ElementsAre;

struct Case {
  const char* config;
  const char* fault;  // below /blocks/0/config; empty: none
};

class CommandConfigTable : public ::testing::TestWithParam<Case> {};

TEST_P(CommandConfigTable, IsJudgedByItsRow) {
  const auto faults = faults_of(judge_command(GetParam().config));
  if (std::string_view(GetParam().fault).empty()) {
    EXPECT_TRUE(faults.empty()) << GetParam().config << ": " << faults.front();
  } else {
    EXPECT_THAT(faults, ElementsAre(std::string("/blocks/0/config") + GetParam().fault)) << GetParam().config;
  }
}

constexpr Case kWhat[] = {
    {R"({"command": "true"})", ""},
    {R"({"argv": ["true"]})", ""},
    {R"({})", "/command required"},
    {R"({"command": ""})", "/command bad_value"},
    {R"({"command": 1})", "/command wrong_type"},
    {R"({"command": "a", "argv": ["b"]})", "/argv bad_value"},
    {R"({"argv": []})", "/argv bad_value"},
    {R"({"argv": ["", "x"]})", "/argv bad_value"},
    {R"({"argv": "ls -l"})", "/argv wrong_type"},
    {R"({"argv": ["ls", 1]})", "/argv/1 wrong_type"},
    {R"({"command": "echo ${{ 1 + 1 }}"})", ""},
    {R"({"command": "echo '${{ 1 + 1 }}'"})", "/command bad_placeholder"},
    {R"({"command": "echo ${{ 1 + }}"})", "/command bad_expression"},
    {R"({"command": "echo ${{ 1 + 1"})", "/command bad_placeholder"},
    {R"({"command": "echo ${{ }}"})", "/command bad_placeholder"},
    {R"({"command": "print ${{ 1 }}", "shell": ["python3", "-c"]})", "/command bad_placeholder"},
    {R"({"command": "print 1", "shell": ["python3", "-c"]})", ""},
    {R"({"command": "[[ a ]] && echo ${{ 1 }}", "shell": ["bash", "-euo", "pipefail", "-c"]})", ""},
    {R"({"command": "x", "shell": ["bash", "${{ 1 }}"]})", "/shell/1 bad_placeholder"},
    {R"({"command": "x", "shell": "/bin/${{ 1 }}"})", "/shell bad_placeholder"},
    {R"({"argv": ["echo", "${{ params.x }}"]})", "/argv/1 bad_placeholder"},
    {R"({"command": "echo ${HOME} $((1+1)) a && b; c | d > e"})", ""},
    {R"({"command": "x", "shell": "/bin/bash"})", ""},
    {R"({"command": "x", "shell": ["bash", "-c"]})", ""},
    {R"({"command": "x", "shell": []})", "/shell bad_value"},
    {R"({"command": "x", "shell": 1})", "/shell wrong_type"},
    {R"({"argv": ["x"], "shell": "/bin/sh"})", "/shell bad_value"},
    {R"({"command": "x", "colour": 1})", "/colour unknown_field"},
};
INSTANTIATE_TEST_SUITE_P(What, CommandConfigTable, ::testing::ValuesIn(kWhat));

constexpr Case kWhere[] = {
    {R"({"command": "x", "targets": {"selector": "a=b"}})", ""},
    {R"({"command": "x", "targets": {"hosts": ["a"]}})", ""},
    {R"({"command": "x", "targets": {}})", "/targets required"},
    {R"({"command": "x", "targets": {"selector": "a=="}})", ""},
    {R"({"command": "x", "targets": {"selector": "a=b c"}})", "/targets/selector bad_value"},
    {R"({"command": "x", "targets": {"hosts": ["a", "a"]}})", "/targets/hosts/1 duplicate"},
    {R"({"command": "x", "targets": {"hosts": [""]}})", "/targets/hosts/0 bad_value"},
    {R"({"command": "x", "targets": {"host": ["a"]}})", "/targets/host unknown_field"},
    {R"({"command": "x", "run_as": "www-data"})", ""},
    {R"({"command": "x", "run_as": "a b"})", "/run_as bad_value"},
    {R"({"command": "x", "run_as": "${{ 1 }}"})", "/run_as bad_placeholder"},
    {R"({"command": "x", "working_directory": "/${{ 1 }}"})", "/working_directory bad_placeholder"},
    {R"({"command": "x", "environment": {"A": "${{ 1 }} b"}})", ""},
    {R"({"command": "x", "environment": {"A": "${{ 1 "}})", "/environment/A bad_placeholder"},
    {R"({"command": "x", "run_as": "-x"})", "/run_as bad_value"},
    {R"({"command": "x", "working_directory": "/srv"})", ""},
    {R"({"command": "x", "working_directory": "srv"})", "/working_directory bad_value"},
    {R"({"command": "x", "environment": {"A_1": ""}})", ""},
    {R"({"command": "x", "environment": {"1A": "x"}})", "/environment/1A bad_value"},
    {R"({"command": "x", "environment": {"A=B": "x"}})", "/environment/A=B bad_value"},
    {R"({"command": "x", "environment": {"A": 1}})", "/environment/A wrong_type"},
    {R"({"command": "x", "environment": {"RUNBOOK_HOST": "x"}})", "/environment/RUNBOOK_HOST bad_value"},
    {R"({"command": "x", "environment": ["A=1"]})", "/environment wrong_type"},
};
INSTANTIATE_TEST_SUITE_P(Where, CommandConfigTable, ::testing::ValuesIn(kWhere));

constexpr Case kHow[] = {
    {R"({"command": "x", "timeout_seconds": 1})", ""},
    {R"({"command": "x", "timeout_seconds": 604801})", "/timeout_seconds bad_value"},
    {R"({"command": "x", "timeout_seconds": 18446744073709551615})", "/timeout_seconds bad_value"},
    {R"({"command": "x", "timeout_seconds": "60"})", "/timeout_seconds wrong_type"},
    {R"({"command": "x", "timeout_seconds": 1.5})", "/timeout_seconds wrong_type"},
    {R"({"command": "x", "stop_grace_seconds": 0})", ""},
    {R"({"command": "x", "stop_grace_seconds": -1})", "/stop_grace_seconds bad_value"},
    {R"({"command": "x", "approval": "none"})", ""},
    {R"({"command": "x", "approval": "some"})", "/approval bad_value"},
    {R"({"command": "x", "approval": {"required": 1, "other_person": false, "expires_seconds": 60}})", ""},
    {R"({"command": "x", "approval": {"required": 100}})", ""},
    {R"({"command": "x", "approval": {"required": 101}})", "/approval/required bad_value"},
    {R"({"command": "x", "approval": {"expires_seconds": 0}})", "/approval/expires_seconds bad_value"},
    {R"({"command": "x", "approval": 1})", "/approval wrong_type"},
    {R"({"command": "x", "approval": {"required": 0}})", "/approval/required bad_value"},
    {R"({"command": "x", "approval": {"other_person": true}})", ""},
    {R"({"command": "x", "rollout": {"max_parallel": 2, "max_failures": "10%"}})", ""},
    {R"({"command": "x", "rollout": {"max_parallel": 0}})", "/rollout/max_parallel bad_value"},
    {R"({"command": "x", "rollout": {"max_failures": "101%"}})", "/rollout/max_failures bad_value"},
    {R"({"command": "x", "rollout": {"max_failures": "5"}})", "/rollout/max_failures bad_value"},
    {R"({"command": "x", "rollout": {"max_failures": "%"}})", "/rollout/max_failures bad_value"},
    {R"({"command": "x", "rollout": {"max_failures": "-1%"}})", "/rollout/max_failures bad_value"},
    {R"({"command": "x", "credentials": []})", ""},
    {R"({"command": "x", "credentials": ["a", "deploy_key"]})", ""},
    {R"({"command": "x", "credentials": "a"})", "/credentials wrong_type"},
    {R"({"command": "x", "credentials": ["a", "a"]})", "/credentials/1 duplicate"},
    {R"({"command": "x", "credentials": ["Deploy Key"]})", "/credentials/0 bad_value"},
    {R"({"command": "x", "credentials": ["${{ params.a }}"]})", "/credentials/0 bad_value"},
    {R"({"command": "x", "credentials": [1]})", "/credentials/0 wrong_type"},
    {R"({"command": "x", "allow": ["write:/etc/motd", "pipe"]})", ""},
    {R"({"command": "x", "allow": ["redirect:/etc"]})", "/allow/0 bad_value"},
    {R"({"command": "x", "allow": ["write:etc"]})", "/allow/0 bad_value"},
    {R"({"command": "x", "retries": 0})", ""},
    {R"({"command": "x", "retries": 10})", ""},
    {R"({"command": "x", "retries": 11})", "/retries bad_value"},
    {R"({"command": "x", "on_offline": "wait"})", ""},
    {R"({"command": "x", "on_offline": "skip"})", "/on_offline bad_value"},
    {R"({"command": "x", "on_disconnect": "continue"})", ""},
    {R"({"command": "x", "on_disconnect": {"stop_after": 60}})", ""},
    {R"({"command": "x", "on_disconnect": {"stop_after": 0}})", "/on_disconnect/stop_after bad_value"},
    {R"({"command": "x", "on_disconnect": {}})", "/on_disconnect/stop_after required"},
    {R"({"command": "x", "on_disconnect": "stop"})", "/on_disconnect bad_value"},
    {R"({"command": "x", "on_disconnect": 5})", "/on_disconnect wrong_type"},
    {R"({"command": "x", "output": "block"})", ""},
    {R"({"command": "x", "output": "drop"})", "/output not_built"},
};
INSTANTIATE_TEST_SUITE_P(How, CommandConfigTable, ::testing::ValuesIn(kHow));

TEST(CommandConfig, MayNameAsManyCredentialsAsTheLimit) {
  const auto with = [](std::size_t count) {
    std::string names = "\"c0\"";
    for (std::size_t i = 1; i < count; ++i) names += fmt::format(", \"c{}\"", i);
    return judge_command(R"({"command": "x", "credentials": [)" + names + "]}");
  };
  const auto most = with(limits::kBlockCredentials);
  ASSERT_TRUE(most);
  EXPECT_EQ(std::get<CommandConfig>(most->blocks[0].config).credentials.size(), limits::kBlockCredentials);
  EXPECT_THAT(faults_of(with(limits::kBlockCredentials + 1)),
              ::testing::ElementsAre("/blocks/0/config/credentials too_many"));
}

}  // namespace
}  // namespace runbook::domain
