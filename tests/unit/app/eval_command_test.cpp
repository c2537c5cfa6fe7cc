#include "controller/app/eval_command.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "controller/app/command_line.hpp"
#include "controller/app/settings.hpp"

namespace runbook::app {
namespace {

struct Outcome {
  int status = 0;
  std::string out;
  std::string error;
};

// As the program runs with these arguments.
Outcome run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "runbook-controller");
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.status = run_command_line(static_cast<int>(pointers.size()), pointers.data());
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.error = testing::internal::GetCapturedStderr();
  return outcome;
}

// A file of this test, removed with it.
class ContextFile {
 public:
  explicit ContextFile(std::string_view text)
      : path_(std::filesystem::temp_directory_path() /
              ("eval_command_test." + std::to_string(getpid()) + ".json")) {
    std::ofstream(path_) << text;
  }
  ~ContextFile() { std::filesystem::remove(path_); }
  ContextFile(const ContextFile&) = delete;
  ContextFile& operator=(const ContextFile&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST(Eval, PrintsTheValueAsJson) {
  const ContextFile context(R"({"a": {"b": [1, "x", 2.5]}, "name": "é"})");
  const auto eval = [&](const std::string& expression) {
    return run({"eval", expression, "--context", context.path()}).out;
  };
  EXPECT_EQ(eval("a.b"), "[1,\"x\",2.5]\n");
  EXPECT_EQ(eval("a.b[0] + 1"), "2\n");
  EXPECT_EQ(eval("name"), "\"é\"\n");
  EXPECT_EQ(eval("name.size() == 1 ? {'k': [null, 1.0]} : {}"), "{\"k\":[null,1.0]}\n");
  EXPECT_EQ(eval("b'abc'"), "\"YWJj\"\n");
  EXPECT_EQ(eval("18446744073709551615u"), "18446744073709551615\n");
}

TEST(Eval, ReadsAndPrintsNumbersThatJsonDoesNotHave) {
  const ContextFile context(
      R"({"NaN": "NaN", "l": [NaN, -Infinity, "Infinity", "a\"NaN", {"x": Infinity}], "y":NaN})");
  const auto eval = [&](const std::string& expression) {
    return run({"eval", expression, "--context", context.path()}).out;
  };
  EXPECT_EQ(eval("l"), "[NaN,-Infinity,\"Infinity\",\"a\\\"NaN\",{\"x\":Infinity}]\n");
  EXPECT_EQ(eval("y"), "NaN\n");
  EXPECT_EQ(eval("y == y"), "false\n");
  EXPECT_EQ(eval("NaN"), "\"NaN\"\n");
  EXPECT_EQ(eval("l[4].x > 1e308 && type(y) == double"), "true\n");
  EXPECT_EQ(eval("0.0 / 0.0"), "NaN\n");
  EXPECT_EQ(eval("-1.0 / 0.0"), "-Infinity\n");
}

TEST(Eval, TheArgumentAfterItIsTheExpressionWhateverItLooksLike) {
  const ContextFile context(R"({"x": 5, "help": 3, "context": 4, "h": 1})");
  for (const auto& [expression, value] :
       std::vector<std::pair<std::string, std::string>>{{"-1", "-1\n"},
                                                        {"-x", "-5\n"},
                                                        {"--x", "5\n"},
                                                        {"--help", "3\n"},
                                                        {"-h", "-1\n"},
                                                        {"--context", "4\n"},
                                                        {"--", ""},
                                                        {"-x + 2", "-3\n"},
                                                        {"dev", ""}}) {
    EXPECT_EQ(run({"eval", expression, "--context", context.path()}).out, value) << expression;
    EXPECT_EQ(run({"eval", expression, "--context=" + context.path()}).out, value) << expression;
  }
  EXPECT_EQ(run({"eval", "-1"}).out, "-1\n");
  EXPECT_EQ(run({"eval", "- 1 - -2"}).out, "1\n");
}

TEST(Eval, AnErrorHasItsPositionAndStatusOne) {
  for (const auto& [expression, message] : std::vector<std::pair<std::string, std::string>>{
           {"1 +\n 1 / 0", "line 2, column 4: division by zero\n"},
           {"1 +", "line 1, column 4: the expression ends too early\n"},
           {"", "line 1, column 1: the expression ends too early\n"},
           {"x", "line 1, column 1: unknown name: x\n"},
           {"1 + 1.0", "line 1, column 3: no such overload: int + double\n"}}) {
    const auto outcome = run({"eval", expression});
    EXPECT_EQ(outcome.status, 1) << expression;
    EXPECT_EQ(outcome.out, "") << expression;
    EXPECT_EQ(outcome.error, message) << expression;
  }
  EXPECT_EQ(run({"eval", "1"}).status, 0);
}

TEST(Eval, AWrongContextIsSaidInOneLine) {
  const auto said = [](std::string_view text) {
    const ContextFile context(text);
    const auto outcome = run({"eval", "1", "--context", context.path()});
    EXPECT_EQ(outcome.status, 1) << text;
    EXPECT_EQ(outcome.out, "") << text;
    return outcome.error.substr(context.path().size());
  };
  EXPECT_EQ(said("[1]"), ": a JSON object is needed\n");
  EXPECT_EQ(said("NaN"), ": a JSON object is needed\n");
  EXPECT_EQ(said(""), ": the JSON text is wrong at byte 0: the text is empty\n");
  EXPECT_EQ(said("{\"a\": NaN, }"), ": the JSON text is wrong at byte 11: syntax error\n");
  EXPECT_EQ(said("{\"a\": NaNo}"), ": the JSON text is wrong at byte 9: syntax error\n");
  EXPECT_EQ(said("{\"a\": -NaN}"), ": the JSON text is wrong at byte 7: syntax error\n");
  EXPECT_EQ(said("{NaN: 1}"), ": a member's name must be a string\n");
  EXPECT_EQ(said("{\"a\": \"NaN"), ": the JSON text is wrong at byte 10: the text ends too early\n");
  EXPECT_EQ(said("{\"a\": 1} x"), ": the JSON text is wrong at byte 9: text after the end of the value\n");
  const auto missing = run({"eval", "1", "--context", "/nowhere/at/all.json"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_EQ(missing.error, "--context: /nowhere/at/all.json cannot be read: No such file or directory.\n");
}

TEST(Eval, NeedsNoConfigurationEvenWhenThereIsABadOne) {
  setenv("RUNBOOK_CONFIG", "/nowhere/at/all.yaml", 1);  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(run({"eval", "1 + 1"}).out, "2\n");
  unsetenv("RUNBOOK_CONFIG");  // NOLINT(concurrency-mt-unsafe)
}

TEST(Eval, HelpTeachesByExample) {
  const auto help = run({"eval", "--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_NE(help.out.find("Example:"), std::string::npos);
  EXPECT_NE(help.out.find("--context FILE"), std::string::npos) << help.out;
  EXPECT_EQ(run({"eval"}).status, 2);
  EXPECT_EQ(run({"eval", "1", "2"}).status, 2);
  EXPECT_EQ(run({"eval", "1", "--context"}).status, 2);
}

}  // namespace
}  // namespace runbook::app
