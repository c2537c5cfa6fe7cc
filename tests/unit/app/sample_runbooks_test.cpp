#include "controller/app/sample_runbooks.hpp"

#include <gtest/gtest.h>

#include <set>

namespace runbook::app {
namespace {

TEST(SampleRunbooks, AreGoodRunbooks) {
  std::set<std::string> titles;
  for (const auto& sample : sample_runbooks()) titles.insert(sample.content.title);
  EXPECT_EQ(titles, (std::set<std::string>{"Disk space triage", "Host health", "Service restart",
                                           "Tour of every feature"}));
}

TEST(SampleRunbooks, HaveADescriptionAndACommand) {
  for (const auto& sample : sample_runbooks()) {
    EXPECT_FALSE(sample.content.description.empty()) << sample.content.title;
    bool has_command = false;
    for (const auto& block : sample.content.blocks) has_command = has_command || block.type() == "command";
    EXPECT_TRUE(has_command) << sample.content.title;
  }
}

}  // namespace
}  // namespace runbook::app
