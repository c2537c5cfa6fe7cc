// Random shell texts of pieces that open and close every kind of quote: where a placeholder was accepted its
// value stays one piece, whatever the shell makes of the rest.
#include <gmock/gmock.h>

#include <array>
#include <random>

#include "controller/domain/preparation.hpp"
#include "controller/domain/shell_text.hpp"
#include "tests/integration/domain/shell_run.hpp"

namespace runbook::domain {
namespace {

constexpr std::array kPieces{
    "w ",
    "w a ",
    "V",
    "V",
    "V ",
    " V ",
    "a",
    "b ",
    " ",
    "\n",
    "\nw ",
    "; w ",
    "'",
    "\"",
    "\\",
    "$",
    "$x",
    "$(",
    ")",
    "(",
    "((",
    "))",
    "$((",
    "`",
    "${",
    "}",
    "${x:-",
    "#",
    " #",
    "[",
    "]",
    " [[ ",
    " ]]",
    "a[",
    "]=",
    "x=",
    "x=(",
    "<<E\n",
    "\nE\n",
    "<<'E'",
    "<<-E",
    "<<< ",
    "<(",
    "{ ",
    "; }",
    " | w ",
    " && w ",
    " || w ",
    "case a in ",
    "a) w ",
    ";; ",
    " esac ",
    "if true; then w ",
    "; fi\n",
    "for i in ",
    "; do w ",
    "; done\n",
    "$'",
    "$\"",
    "\\'",
    "\\\"",
    "\\\n",
    "f() { w ",
    " & ",
    "! ",
    "=",
    "{a,",
    "!",
    "~",
    "*",
    "1",
    "+",
    "2>&1 ",
    "$#",
    "$$",
    "function ",
    "select ",
    "time ",
    "\t",
    "@(",
    "$[",
};

// Shapes that fit into each other; C stands for another one, S for a list of words.
constexpr std::array kShapes{"w S",
                             "w S",
                             "w \"$(C)\"",
                             "w \"$(C)\" S",
                             "x=1 C",
                             "2>&1 C",
                             "C < /dev/null",
                             "time C",
                             "! C",
                             "{ C; }",
                             "( C )",
                             "C; C",
                             "C |\\\nC",
                             "C &&\\\n C",
                             "for i do C; done",
                             "for i in S; do C; done",
                             "for i\ndo C\ndone",
                             "case a in a) C;; esac",
                             "case a in (a) C;; *) C; esac",
                             "case a\nin\n a) C\n;;\nesac",
                             "ca\\\nse a in a) C;; esac",
                             "w < <(C); C",
                             "w <(C) S",
                             "w <(C)#\" S",
                             "w \"$\\\n(C)\"",
                             "C # it's \"\nC",
                             "if C; then C; fi",
                             "w [[ S; C",
                             "f() { C; }; f",
                             "time -p C",
                             "x=$(C) C",
                             "w $(C)S",
                             "w S#\" S"};

std::string shaped_text(std::mt19937& random, int depth) {
  std::string text;
  for (const char c : std::string_view(depth == 0 ? "w S" : kShapes[random() % kShapes.size()])) {
    if (c == 'C') {
      text += shaped_text(random, depth - 1);
    } else if (c == 'S') {
      text += random() % 2 == 0 ? "${{ params.v }} b" : "a";
    } else {
      text += c;
    }
  }
  return text;
}

std::string random_text(std::mt19937& random, std::size_t most) {
  if (random() % 2 == 0) return "set -- x; " + shaped_text(random, 3);
  std::string text = "w ";
  const auto pieces = 2 + random() % most;
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::string_view piece = kPieces[random() % kPieces.size()];
    if (piece.find('V') == std::string_view::npos) {
      text += piece;
    } else {
      text += piece == "V" ? "${{ params.v }}" : "${{ params.v }} ";
    }
  }
  return text;
}

bool is_accepted(const std::string& text, const std::vector<std::string>& shell) {
  const auto placeholders = find_placeholders(text);
  return placeholders && !placeholders->empty() &&
         judge_shell_text(text, *placeholders, shell_family(shell).value()).empty();
}

std::string compiled(const std::string& text, const std::string& value,
                     std::map<std::string, std::string>& values) {
  CommandConfig config;
  config.command = text;
  auto command = command_text(config, {{"params", {{"v", value}}}});
  if (!command) return {};
  values = command->values;
  return command->script;
}

void expect_whole(const Words& words, const std::string& value, const std::string& about) {
  for (auto word : words) {
    for (auto at = word.find(value); at != std::string::npos; at = word.find(value))
      word.erase(at, value.size());
    EXPECT_EQ(word.find("MARK"), std::string::npos) << about;
    EXPECT_EQ(word.find("RUNBOOK_VALUE_"), std::string::npos) << about;
  }
}

TEST(RandomShellTexts, AnAcceptedValueStaysWhole) {
  const std::string value = "MARK a  b*'\"$(touch pwned1)`touch pwned2`;touch pwned3\n[$(touch pwned4)] MARK";
  constexpr int kTexts = 150;
  std::mt19937 random(20261121);
  ShellFolder folder;
  std::size_t seen = 0;
  for (const auto& shell : installed_shells()) {
    for (int texts = 0; texts < kTexts;) {
      const auto text = random_text(random, 14);
      if (!is_accepted(text, shell)) continue;
      ++texts;
      auto argv = shell;
      std::map<std::string, std::string> values;
      argv.push_back(compiled(text, value, values));
      folder.run(argv, values);
      const auto about = shell.front() + ": " + text + "\nas\n" + argv.back();
      for (const auto& words : folder.witnessed()) {
        ++seen;
        expect_whole(words, value, about);
      }
      ASSERT_THAT(folder.intruders(), ::testing::IsEmpty()) << about;
    }
  }
  EXPECT_GT(seen, 100u);
}

TEST(RandomShellTexts, ParseAsTheyDoWithAPlainWord) {
  const std::vector<std::string> shell{"bash", "-c"};
  constexpr int kTexts = 150;
  std::mt19937 random(3);
  ShellFolder folder;
  for (int texts = 0; texts < kTexts;) {
    const auto text = random_text(random, 10);
    if (!is_accepted(text, shell)) continue;
    std::string plain = text;
    constexpr std::string_view kPlaceholder = "${{ params.v }}";
    for (auto at = plain.find(kPlaceholder); at != std::string::npos; at = plain.find(kPlaceholder)) {
      plain.replace(at, kPlaceholder.size(), "word");
    }
    if (folder.run({"bash", "-n", "-c", plain}, {}) != 0) continue;
    ++texts;
    std::map<std::string, std::string> values;
    const auto script = compiled(text, "x", values);
    EXPECT_EQ(folder.run({"bash", "-n", "-c", script}, values), 0) << text << "\nas\n" << script;
  }
}

}  // namespace
}  // namespace runbook::domain
