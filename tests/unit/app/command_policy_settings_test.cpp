#include "controller/app/command_policy_settings.hpp"

#include <gtest/gtest.h>

#include "controller/app/settings.hpp"
#include "controller/domain/runbook.hpp"

namespace runbook::app {
namespace {

std::string first_word(const domain::CommandPolicy& policy, std::string command) {
  domain::CommandConfig config;
  config.command = std::move(command);
  const auto refusals = policy.judge(config);
  return refusals.empty() ? std::string() : refusals.front().word;
}

constexpr auto kFile = R"(listen: 127.0.0.1:1
command_policy:
  refuse: [pipe]
  protected_paths: [/srv/data]
  deny:
    power: '^reboot'
    mkfs: {pattern: '^mkfs', unless: ' -n'}
  never_allow: [rm_root, 'write:/etc/shadow']
)";

TEST(CommandPolicySettings, AreAMapInTheFile) {
  const auto settings = resolve_settings({{"the file", settings_from_yaml(kFile, "x.yaml")}});
  const auto& policy = settings.command_policy;
  EXPECT_EQ(first_word(policy, "a | b"), "pipe");
  EXPECT_EQ(first_word(policy, "a > /srv/data/x"), "write:/srv/data/x");
  EXPECT_EQ(first_word(policy, "sudo reboot"), "power");
  EXPECT_EQ(first_word(policy, "mkfs -n /dev/x"), "");
  EXPECT_EQ(first_word(policy, "a > /etc/x"), "write:/etc/x");
  EXPECT_EQ(first_word(policy, "a && b"), "");
}

TEST(CommandPolicySettings, AreOneLineElsewhere) {
  const auto values = settings_from_environment({{"RUNBOOK_COMMAND_POLICY", R"({"refuse": ["and_or"]})"}});
  const auto settings = resolve_settings({{"the environment", values}});
  EXPECT_EQ(first_word(settings.command_policy, "a && b"), "and_or");
  EXPECT_EQ(first_word(resolve_settings({}).command_policy, "rm -rf /"), "rm_root");
}

TEST(CommandPolicySettings, SayWhatIsWrong) {
  for (const auto* text :
       {"x", "[a]", "{refuse: pipe}", "{refuse: [[a]]}", "{refuse: [pipes]}", "{deny: [a]}",
        "{deny: {a: [b]}}", "{deny: {a: '('}}", "{deny: {a: {pattern: a, until: b}}}",
        "{protected_paths: [etc]}", "{allow: [pipe]}", "{never_allow: ['|']}", "{refuse: ["}) {
    EXPECT_THROW(parse_command_policy(text), SettingsError) << text;
  }
  try {
    resolve_settings({{"the environment", {{"command_policy", "{refuse: [pipes]}"}}}});
    ADD_FAILURE() << "was taken";
  } catch (const SettingsError& error) {
    EXPECT_TRUE(
        std::string(error.what())
            .starts_with("command_policy in the environment cannot be used (refuse: \"pipes\" is none"))
        << error.what();
  }
}

}  // namespace
}  // namespace runbook::app
