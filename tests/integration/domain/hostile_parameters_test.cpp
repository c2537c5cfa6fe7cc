// Parameters are data (SECURITY S32): whatever text a person gives, of whatever type, a program gets it byte
// for byte, by its environment and by a placeholder, and nothing else is run.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "controller/domain/parameters.hpp"
#include "controller/domain/preparation.hpp"
#include "tests/integration/domain/shell_run.hpp"
#include "tests/support/hostile_texts.hpp"

namespace runbook::domain {
namespace {

namespace json = boost::json;

constexpr std::size_t kAtOnce = 40;

std::vector<std::string> all_texts() {
  auto texts = testing::hostile_texts();
  for (auto& payload : testing::shell_payloads()) texts.push_back(std::move(payload));
  return texts;
}

// A kind of parameter that takes any text.
struct Kind {
  const char* name;
  void (*describe)(Parameter& parameter, const std::string& value);
};
constexpr Kind kKinds[] = {
    {"string", [](Parameter&, const std::string&) {}},
    {"pattern", [](Parameter& parameter, const std::string&) { parameter.pattern = "(?s).*"; }},
    {"secret", [](Parameter& parameter, const std::string&) { parameter.secret = true; }},
    {"choice",
     [](Parameter& parameter, const std::string& value) {
       parameter.type = ParameterType::kChoice;
       parameter.choices = {"other", value};
     }},
    {"default", [](Parameter& parameter, const std::string& value) { parameter.default_value = value; }},
};

using Shell = std::vector<std::string>;

class HostileParameters : public ::testing::TestWithParam<Shell> {
 protected:
  // Runs a script that shows the witness each value twice.
  void expect_bytes(const Kind& kind, const std::vector<std::string>& values) {
    std::vector<Parameter> parameters;
    json::object given;
    CommandConfig config;
    config.shell = GetParam();
    std::string placeholders = "w";
    std::string variables = "w";
    for (std::size_t i = 0; i < values.size(); ++i) {
      Parameter parameter;
      parameter.name = fmt::format("p{}", i);
      kind.describe(parameter, values[i]);
      if (!parameter.default_value) given[parameter.name] = values[i];
      placeholders += fmt::format(" ${{{{ params.p{} }}}}", i);
      variables += fmt::format(" \"$RUNBOOK_PARAM_P{}\"", i);
      parameters.push_back(std::move(parameter));
    }
    config.command = placeholders + "\n" + variables;
    const auto judged = judge_parameters(parameters, given);
    ASSERT_TRUE(judged) << kind.name;
    const auto command = command_text(config, {{"params", *judged}});
    ASSERT_TRUE(command) << kind.name << ": " << command.error().message;
    auto environment = parameter_environment(*judged);
    environment.insert(command->values.begin(), command->values.end());
    auto argv = GetParam();
    argv.push_back(command->script);
    EXPECT_EQ(folder_.run(argv, environment), 0) << kind.name;
    EXPECT_EQ(folder_.witnessed(), (std::vector<Words>{values, values})) << kind.name;
    EXPECT_THAT(folder_.intruders(), ::testing::IsEmpty()) << kind.name;
  }

  ShellFolder folder_;
};

TEST_P(HostileParameters, ArriveByteForByteWhateverTheirType) {
  const auto texts = all_texts();
  ASSERT_GE(texts.size(), 515U + 80U);
  for (const auto& kind : kKinds) {
    for (std::size_t at = 0; at < texts.size(); at += kAtOnce) {
      const auto end = std::min(at + kAtOnce, texts.size());
      expect_bytes(kind, {texts.begin() + static_cast<std::ptrdiff_t>(at),
                          texts.begin() + static_cast<std::ptrdiff_t>(end)});
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Installed, HostileParameters, ::testing::ValuesIn(installed_shells()),
                         [](const auto& shell) { return shell.param.front(); });

TEST(HostileParameter, IsNoNumberAndNoTruth) {
  for (const auto type : {ParameterType::kInteger, ParameterType::kNumber, ParameterType::kBoolean}) {
    Parameter parameter;
    parameter.name = "p";
    parameter.type = type;
    for (const auto& text : all_texts()) {
      EXPECT_FALSE(judge_parameters({parameter}, {{"p", text}})) << text;
    }
  }
}

TEST(HostileParameter, MakesNoNameOfAVariable) {
  for (const auto& text : all_texts()) {
    EXPECT_EQ(environment_name(text).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
              std::string::npos)
        << text;
  }
}

}  // namespace
}  // namespace runbook::domain
