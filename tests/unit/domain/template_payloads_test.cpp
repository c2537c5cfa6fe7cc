// Substitution is no template engine (SECURITY S33): only ${{ }} is read, once, and what it puts in place is
// not read again.
#include <gtest/gtest.h>

#include "controller/domain/preparation.hpp"
#include "controller/domain/substitution.hpp"
#include "tests/support/hostile_texts.hpp"

namespace runbook::domain {
namespace {

constexpr std::size_t kMost = 1024;

TEST(TemplatePayloads, StayAsTheyAreInATextWithoutPlaceholders) {
  for (const auto& payload : testing::template_payloads()) {
    const auto text = Template::parse(payload);
    if (payload.find("${{") != std::string::npos) {
      EXPECT_FALSE(text) << payload;  // one that does not end
      continue;
    }
    ASSERT_TRUE(text) << payload;
    EXPECT_EQ(text->render({}, kMost), payload);
  }
}

TEST(TemplatePayloads, StayAsTheyAreAsValues) {
  auto payloads = testing::template_payloads();
  payloads.insert(payloads.end(), {"${{ 7 * 7 }}", "${{ params.other }}", "}} ${{ 7 * 7 }} ${{"});
  const auto text = Template::parse("a ${{ params.value }} b").value();
  InstructionConfig instruction;
  instruction.text = "${{ params.value }}";
  for (const auto& payload : payloads) {
    const Variables variables = {{"params", {{"value", payload}, {"other", "49"}}}};
    EXPECT_EQ(text.render(variables, kMost), "a " + payload + " b");
    EXPECT_EQ(instruction_text(instruction, variables).value(), payload);
    CommandConfig command;
    command.command = "w ${{ params.value }}";
    command.environment = {{"X", "${{ params.value }}"}};
    const auto compiled = command_text(command, variables);
    ASSERT_TRUE(compiled) << payload;
    EXPECT_EQ(compiled->script, "w \"$RUNBOOK_VALUE_1\"");
    EXPECT_EQ(compiled->values.at("RUNBOOK_VALUE_1"), payload);
    EXPECT_EQ(compiled->environment.at("X"), payload);
  }
}

TEST(TemplatePayloads, AreNoExpressionsThatRunAnything) {
  for (const auto* source :
       {"''.__class__", "params.__proto__", "system('id')", "exec('id')", "import('os')", "config.items()",
        "T(java.lang.Runtime)", "self", "globals()", "open('/etc/passwd')"}) {
    const auto parsed = expression::Expression::parse(source);
    if (!parsed) continue;
    EXPECT_FALSE(parsed->evaluate({{"params", boost::json::object{}}})) << source;
  }
}

}  // namespace
}  // namespace runbook::domain
