// Values that would do harm as text, put into commands of many shapes, and run by every shell that is
// installed: each must arrive byte for byte.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "controller/domain/preparation.hpp"
#include "controller/domain/shell_text.hpp"
#include "tests/integration/domain/shell_run.hpp"

namespace runbook::domain {
namespace {

namespace json = boost::json;

const std::vector<std::string>& hostile_values() {
  static const std::vector<std::string> values{
      "plain",
      "",
      " ",
      "  two  words ",
      "it's",
      "\"quoted\" \\\" \\",
      "$(touch pwned1)",
      "`touch pwned2`",
      "; touch pwned3 #",
      "a\nb\n\n",
      "\n; touch pwned4\n",
      "-rf",
      "--",
      "* ? [a-z] ~ {a,b}",
      "$HOME ${HOME} $((1+1))",
      "a[$(touch pwned5)]",
      "&& touch pwned6 || touch pwned6 | touch pwned6 & > pwned7",
      "\t\r\x01\x1b[31m\x7f",
      "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\xA5\xE2\x80\xA8",
      "'\"'\"'$(touch pwned8)'\"'\"'",
      "\\",
      "!! !$ ^a^b",
      "%s %n \\n",
      "some*",
  };
  return values;
}

struct Shape {
  const char* text;                   // V stands for the placeholder
  std::vector<const char*> expected;  // what one call of the witness is given
  const char* shells = "";            // those that know it; empty: all
};

const std::vector<Shape> kShapes{
    {"w V", {"V"}},
    {"w V V", {"V", "V"}},
    {"w VV", {"VV"}},
    {"w --name=V", {"--name=V"}},
    {"w preVpost", {"preVpost"}},
    {"w 'a b'V\"c d\"", {"a bVc d"}},
    {"w a V b", {"a", "V", "b"}},
    {"w -- V", {"--", "V"}},
    {"w \\\\V\\$", {"\\V$"}},
    {"w V#V", {"V#V"}},
    {"true #a\nw V", {"V"}},
    {"w \\\n  V", {"V"}},
    {"w a\\\nV", {"aV"}},
    {"x=V; w \"$x\"", {"V"}},
    {"x=V w V", {"V"}},
    {"x=aVb; w \"$x\"", {"aVb"}},
    {"export x=V; w \"$x\"", {"V"}},
    {"readonly xN=V; w \"$xN\"", {"V"}},
    {"f() { w \"$1\" V; }; f V", {"V", "V"}},
    {"for i in a V; do [ \"$i\" = a ] || w \"$i\"; done", {"V"}},
    {"for i in V; do w \"$i\"; done", {"V"}},
    {"case V in V) w yes;; *) w no;; esac", {"yes"}},
    {"case aVb in aV*) w V;; *) w no;; esac", {"V"}},
    {"if [ xV = xV ]; then w V; else w no; fi", {"V"}},
    {"[ xV != xV ] || w V", {"V"}},
    {"( w V )", {"V"}},
    {"{ w V; }", {"V"}},
    {"w \"$(printf '%sE' V)\"", {"VE"}},
    {"x=$(printf '%sE' V); w \"$x\"", {"VE"}},
    {"w $(printf '' V)V", {"V"}},
    {"w \"a$(printf '%sE' \"$(printf '%sF' V)\")\"", {"aVFE"}},
    {"x=\"$(case a in a) printf '%sE' V;; esac)\"; w \"$x\"", {"VE"}},
    {"printf '%s' V | w --stdin", {"V"}},
    {"true V && w V || w no", {"V"}},
    {"w V > /dev/null 2>&1 < /dev/null", {"V"}},
    {"> /dev/null w V", {"V"}},
    {"cat <<E >/dev/null; w V\nit's \"\nE", {"V"}},
    {"cat <<'E' >/dev/null\n$(it's\nE\nw V", {"V"}},
    {"# it's \"\nw V # it's", {"V"}},
    {"w $((1 + 1))V${HOME#/}V", {"2VnonexistentV"}},
    {"set -- V; w \"$@\"", {"V"}},
    {"set -- V; w \"$#\" V", {"1", "V"}},
    {"set -- V; eval 'w \"$1\"'", {"V"}},
    {"w V & wait", {"V"}},
    {"! w V", {"V"}},
    {"env w V", {"V"}},
    {"w {a,V", {"{a,V"}, "sh dash bash busybox"},
    {"w ~/V a~V \\~V", {"/nonexistent/V", "a~V", "~V"}},
    {"w '['V']' \\[V\\]", {"[V]", "[V]"}},
    {"w $'a'V", {"aV"}, "bash ksh zsh"},
    {"a=(x V 'y z'); w \"${a[@]}\"", {"x", "V", "y z"}, "bash zsh"},
    {"a=(); a+=(V); w \"${a[@]}\"", {"V"}, "bash zsh"},
    {"declare xD=V; w \"$xD\"", {"V"}, "bash zsh"},
    {"x=; x+=aV; w \"$x\"", {"aV"}, "bash ksh zsh"},
    {"{ cat; printf E; } <<< V | w --stdin", {"V\nE"}, "bash ksh zsh"},
    {"cat <(printf '%s' V) | w --stdin", {"V"}, "bash zsh"},
    {"(( 1 << 2 )); [[ a == a && b =~ ^(b|c)$ ]] && w V", {"V"}, "bash zsh"},
    {"function fN { w V; }; fN", {"V"}, "bash ksh zsh"},
    {"set -- x; w \"$(for i do case $i in x) printf '%sE' V;; esac; done)\"", {"VE"}},
    {"w \"$(cat < <(true); case x in x) printf '%sE' V;; esac)\"", {"VE"}, "bash zsh"},
    {"while read -r i; do :; done < <(true); case x in x) w V;; esac", {"V"}, "bash zsh"},
    {"true |\\\n w V", {"V"}},
    {"w\\\n  V", {"V"}},
    {"x=1 2>/dev/null w V", {"V"}},
    {"if true; then if true; then w V; fi fi", {"V"}, "sh dash bash ksh busybox"},
};

bool knows(const Shape& shape, const std::vector<std::string>& shell) {
  const auto shells = fmt::format(" {} ", shape.shells);
  return shells == "  " || shells.find(fmt::format(" {} ", shell.front())) != std::string::npos;
}

std::string with(std::string_view text, std::string_view mark, std::string_view value) {
  std::string whole;
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark)) {
    whole.append(text.substr(0, at)).append(value);
    text.remove_prefix(at + mark.size());
  }
  return whole.append(text);
}

// One text with the shape once for every value, so that one shell runs them all.
struct ManyValues {
  std::string text;
  json::object parameters;
  std::vector<Words> expected;
};

ManyValues many(const Shape& shape, const std::vector<std::string>& values) {
  ManyValues all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto name = fmt::format("p{}", i);
    auto text = with(shape.text, "V", fmt::format("${{{{ params.{} }}}}", name));
    all.text += with(text, "N", std::to_string(i)) + "\n";
    all.parameters[name] = values[i];
    Words words;
    for (const auto* word : shape.expected) words.push_back(with(word, "V", values[i]));
    all.expected.push_back(std::move(words));
  }
  return all;
}

void expect_words(ShellFolder& folder, const Shape& shape, const std::vector<std::string>& shell,
                  const std::vector<std::string>& values) {
  const auto all = many(shape, values);
  const auto placeholders = find_placeholders(all.text);
  ASSERT_TRUE(placeholders) << shape.text;
  const auto errors = judge_shell_text(all.text, *placeholders, shell_family(shell).value());
  ASSERT_TRUE(errors.empty()) << shell.front() << ": " << shape.text << "\n" << to_string(errors.front());
  CommandConfig config;
  config.command = all.text;
  config.shell = shell;
  const auto command = command_text(config, {{"params", all.parameters}});
  ASSERT_TRUE(command) << command.error().message;
  auto argv = shell;
  argv.push_back(command->script);
  folder.run(argv, command->values);
  const auto seen = folder.witnessed();
  EXPECT_EQ(seen, all.expected) << shell.front() << ": " << shape.text;
  EXPECT_THAT(folder.intruders(), ::testing::IsEmpty()) << shell.front() << ": " << shape.text;
}

class EveryShell : public ::testing::TestWithParam<std::vector<std::string>> {};

TEST_P(EveryShell, TakesHostileValuesByteForByte) {
  ShellFolder folder;
  for (const auto& shape : kShapes) {
    if (knows(shape, GetParam())) expect_words(folder, shape, GetParam(), hostile_values());
  }
}

INSTANTIATE_TEST_SUITE_P(Installed, EveryShell, ::testing::ValuesIn(installed_shells()),
                         [](const auto& shell) { return shell.param.front(); });

TEST(ShellWords, AValueOfAHundredKibibytesArrivesWhole) {
  std::string value;
  while (value.size() < 100 * 1024) value += "a'b\"c $(touch pwned9) \\ \n*";
  value.resize(100 * 1024);
  ShellFolder folder;
  for (const auto& shell : installed_shells()) {
    for (const auto& shape : {kShapes[0], kShapes[13]}) expect_words(folder, shape, shell, {value});
  }
}

}  // namespace
}  // namespace runbook::domain
