#include "controller/app/environment.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "controller/app/settings.hpp"

namespace runbook::app {
namespace {

TEST(Environment, AnEnvFileHasQuotesCommentsAndExports) {
  const auto values = parse_env_file(
      "# comment\n\nRUNBOOK_A=plain # why\nexport RUNBOOK_B='with # and $HOME'\nRUNBOOK_C=\"a \\\"b\\\"\"\n"
      "RUNBOOK_D=\n  RUNBOOK_E = spaced  \nRUNBOOK_F=a=b#c\r\n",
      ".env");
  EXPECT_EQ(values, (std::map<std::string, std::string>{{"RUNBOOK_A", "plain"},
                                                        {"RUNBOOK_B", "with # and $HOME"},
                                                        {"RUNBOOK_C", "a \"b\""},
                                                        {"RUNBOOK_D", ""},
                                                        {"RUNBOOK_E", "spaced"},
                                                        {"RUNBOOK_F", "a=b#c"}}));
}

TEST(Environment, ABadLineOfAnEnvFileIsNamed) {
  for (const auto* text : {"RUNBOOK_A=1\nnonsense\n", "\nRUNBOOK_A='open\n", "#\nRUNBOOK_A=\"open\n"}) {
    try {
      parse_env_file(text, ".env");
      ADD_FAILURE() << text;
    } catch (const SettingsError& error) {
      EXPECT_NE(std::string{error.what()}.find(".env line 2"), std::string::npos) << error.what();
    }
  }
}

TEST(Environment, ATakenSecretIsGoneFromTheEnvironment) {
  setenv("RUNBOOK_TEST_SECRET", "key-of-keys", 1);         // NOLINT(concurrency-mt-unsafe)
  const char* place = std::getenv("RUNBOOK_TEST_SECRET");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(take_secret("RUNBOOK_TEST_SECRET"), "key-of-keys");
  EXPECT_EQ(std::getenv("RUNBOOK_TEST_SECRET"), nullptr);  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(place[0], '\0');
  EXPECT_EQ(take_secret("RUNBOOK_TEST_SECRET"), std::nullopt);
}

// As every other variable; what is set comes first.
TEST(Environment, ASecretMayStandInTheEnvFile) {
  const auto was = std::filesystem::current_path();
  const auto folder = std::filesystem::path(::testing::TempDir()) / "environment_test_env_file";
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);
  std::ofstream{".env"} << "RUNBOOK_TEST_SECRET=of-the-file\n";
  EXPECT_EQ(take_secret("RUNBOOK_TEST_SECRET"), "of-the-file");
  setenv("RUNBOOK_TEST_SECRET", "of-the-process", 1);  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(take_secret("RUNBOOK_TEST_SECRET"), "of-the-process");
  EXPECT_EQ(take_secret("RUNBOOK_OTHER_SECRET"), std::nullopt);
  std::filesystem::current_path(was);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace runbook::app
