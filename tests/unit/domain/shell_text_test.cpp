#include "controller/domain/shell_text.hpp"

#include <gtest/gtest.h>

#include "tests/unit/domain/judged_shell.hpp"

namespace runbook::domain {
namespace {

using testing::judged;
using testing::kBash;
using testing::kKsh;
using testing::kSh;
using testing::kZsh;

struct Accepted {
  const char* text;
  ShellFamily family = kSh;
};

class ShellTextTakes : public ::testing::TestWithParam<Accepted> {};

TEST_P(ShellTextTakes, APlaceholderWhereAQuotedReferenceIsRight) {
  const auto errors = judged(GetParam().text, GetParam().family);
  EXPECT_TRUE(errors.empty()) << GetParam().text << "\n" << to_string(errors.front());
}

constexpr Accepted kWords[] = {
    {"echo ${{ x }}"},
    {"${{ x }}"},
    {"${{ x }} -l"},
    {"echo --name=${{ x }}"},
    {"echo pre${{ x }}post"},
    {"echo ${{ x }}${{ y }}"},
    {"echo 'a'${{ x }}'b'"},
    {"echo \"a\"${{ x }}\"b\""},
    {"echo \"$HOME\"/${{ x }}"},
    {"echo $HOME/${{ x }}"},
    {"echo ${HOME}${{ x }}"},
    {"echo $(pwd)${{ x }}"},
    {"echo `pwd`${{ x }}"},
    {"echo $((1 + 1))${{ x }}"},
    {"echo $?${{ x }} $$${{ x }} $1${{ x }}"},
    {"echo \\\\${{ x }}"},
    {"echo \\$${{ x }}"},
    {"echo \\'${{ x }}\\'"},
    {"echo a#${{ x }}"},
    {"echo ${{ x }}#a"},
    {"echo {a,${{ x }}}"},
    {"echo ~/${{ x }} a~${{ x }} *${{ x }}* \\~${{ x }} x=~/a${{ x }}"},
    {"echo a \\\n  ${{ x }}"},
    {"echo a\\\n${{ x }}"},
    {"echo ${{ 'it}}s' + x }} b"},
    {"echo ${{ {'a': {'b': 1}} }}"},
    {"echo ${{ x // }}\n }}"},
    {"x=${{ x }}"},
    {"x=${{ x }} y=a${{ x }} command $x"},
    {"export x=${{ x }}"},
    {"x+=${{ x }}", kBash},
    {"readonly A=1 B=${{ x }}"},
    {"[ -n ${{ x }} ]"},
    {"[ ${{ x }} = a ] && echo b"},
    {"test ${{ x }} -gt 3"},
    {"echo []${{ x }}"},
    {"echo [a]${{ x }}"},
    {"echo '['${{ x }}']'"},
    {"echo \\[${{ x }}\\]"},
    {"! grep ${{ x }} /etc/passwd"},
    {"\xC3\xA4=\xC3\xB6; echo ${{ x }}"},
    {"echo a\r\necho ${{ x }}\r\n"},
};
INSTANTIATE_TEST_SUITE_P(Words, ShellTextTakes, ::testing::ValuesIn(kWords));

constexpr Accepted kCommands[] = {
    {"a; b ${{ x }}; c"},
    {"a && b ${{ x }} || c ${{ x }}"},
    {"a | b ${{ x }} |& c ${{ x }}", kBash},
    {"a & b ${{ x }} &"},
    {"( cd ${{ x }} && ls )"},
    {"( (cd ${{ x }}) )"},
    {"{ cd ${{ x }}; ls; }"},
    {"echo $(cat ${{ x }})"},
    {"echo \"$(cat ${{ x }})\""},
    {"echo \"a $(cat \"$(dirname ${{ x }})\") b\" ${{ x }}"},
    {"x=\"$(cat ${{ x }} | tr 'a' \"b\")\""},
    {"echo $(echo $(echo ${{ x }}))"},
    {"echo $( (cat ${{ x }}) )"},
    {"a > ${{ x }} 2>&1"},
    {"a >>${{ x }} <${{ x }} 2>${{ x }}"},
    {"a >| ${{ x }} 2>&- >&2 <> ${{ x }}"},
    {"2>${{ x }} a"},
    {"if [ ${{ x }} ]; then a ${{ x }}; elif b ${{ x }}; then c; else d ${{ x }}; fi"},
    {"while a ${{ x }}; do b ${{ x }}; done"},
    {"until a; do b; done; c ${{ x }}"},
    {"for i in a ${{ x }} b; do echo $i ${{ x }}; done"},
    {"for i\ndo echo ${{ x }}\ndone"},
    {"case ${{ x }} in a) b ${{ x }};; esac"},
    {"case a in ${{ x }}) b;; (c|${{ x }}) d ${{ x }};; *) e;; esac; f ${{ x }}"},
    {"case a in\n  a) b ;;\n  *) c ${{ x }}\nesac\nd ${{ x }}"},
    {"x=$(case a in a) echo ${{ x }};; b) c;; esac) ; d ${{ x }}"},
    {"(case a in a) b;; esac; c ${{ x }})"},
    {"case a in a) case b in b) c ${{ x }};; esac;; esac; d ${{ x }}"},
    {"case a in a) b;; esac ${{ x }}"},
    {"echo case in a; echo ${{ x }}"},
    {"f() { echo ${{ x }}; }; f ${{ x }}"},
    {"f () ( echo ${{ x }} )"},
    {"function f { echo ${{ x }}; }", kBash},
    {"echo a # it's a comment\necho ${{ x }}"},
    {"# it's `a $( comment\necho ${{ x }}"},
    {"echo $(a # it's )\necho ${{ x }})"},
    {"cat <<E\n$HOME ' \" `\nE\necho ${{ x }}"},
    {"cat <<'E' ${{ x }}\n$(it's\nE\necho ${{ x }}"},
    {"cat <<-E\n\tit's\n\tE\necho ${{ x }}"},
    {"cat <<\"a b\" | tr a b\nit's\na b\necho ${{ x }}"},
    {"cat <<\\E\nit's\nE\necho ${{ x }}"},
    {"cat <<A <<B ${{ x }}\nit's\nA\nit's\nB\necho ${{ x }}"},
    {"x=$(cat <<E\nit's\nE\n) ; echo ${{ x }}"},
    {"echo 'a\nb' ${{ x }}"},
};
INSTANTIATE_TEST_SUITE_P(Commands, ShellTextTakes, ::testing::ValuesIn(kCommands));

constexpr Accepted kMore[] = {
    {"cat <<< ${{ x }}", kBash},
    {"cat <<<a${{ x }}", kZsh},
    {"diff <(sort ${{ x }}) >(cat ${{ x }})", kBash},
    {"a=(b ${{ x }} 'c' # it's\n ${{ x }}d)", kBash},
    {"a+=(${{ x }}); echo ${{ x }}", kZsh},
    {"a[1]=${{ x }}", kBash},
    {"a[$i]=b; echo ${{ x }}", kZsh},
    {"echo $'it\\'s' ${{ x }}", kBash},
    {"echo $'a\\n' ${{ x }}"},
    {"echo $\"it's\" ${{ x }}", kBash},
    {"(( i = 1 << 2 )); echo ${{ x }}", kBash},
    {"for ((i = 0; i < 3; i++)); do echo ${{ x }}; done", kBash},
    {"[[ a == b && $c =~ ^[a-z]+(b|c)$ ]] && echo ${{ x }}", kBash},
    {"[[ -f a ]] || echo ${{ x }}", kKsh},
    {"echo ${a#'}'} ${b:-\"c d\"} ${#c} ${d%%*/} ${{ x }}"},
    {"echo \"${a:-b}\" ${{ x }}"},
    {"echo ${a:-$(echo \"}\")}${{ x }}"},
    {"echo $(( (1 + 2) * $(echo 3) ))${{ x }}"},
    {"a &> ${{ x }}", kBash},
    {"a {fd}>${{ x }}", kBash},
    {"select i in ${{ x }}; do echo ${{ x }}; done", kBash},
};
INSTANTIATE_TEST_SUITE_P(More, ShellTextTakes, ::testing::ValuesIn(kMore));

constexpr Accepted kReviewed[] = {
    {"x=$(for i do case $i in x) echo ${{ x }};; esac; done)"},
    {"for i in a; do case $i in a) b ${{ x }};; esac; done"},
    {"while read -r i; do a ${{ x }}; done < <(b); case a in a) c ${{ x }};; esac", kBash},
    {"x=\"$(cat < <(true); case x in x) echo ${{ x }};; esac)\"", kBash},
    {"x=\"$(cat < <(true)\ncase x in x) echo ${{ x }};; esac)\"", kBash},
    {"a |\\\n b ${{ x }} &&\\\n c ${{ x }}"},
    {"docker run\\\n  --name ${{ x }}"},
    {"echo \"a\\\nb\" ${{ x }}"},
    {"LC_ALL=C 2>/dev/null sort ${{ x }}"},
    {"time sort ${{ x }}"},
    {"time -p sort ${{ x }}", kBash},
    {"time { sort ${{ x }}; }", kBash},
    {"local x=${{ x }} y=a", kBash},
    {"declare -r x=${{ x }}", kBash},
    {"[ ${{ x }} -eq 1 ]", kBash},
    {"[ ${{ x }} = a ]", kKsh},
    {"printf '%s %b\\n' ${{ x }}", kZsh},
    {"printf '%5d\\n' ${{ x }}"},
    {"print -r -- ${{ x }}", kKsh},
    {"exit ${{ x }}"},
    {"sh -c ${{ x }}"},
    {"read -r a < ${{ x }}"},
    {"set -- ${{ x }}; set -e"},
    {"if a; then if b; then c; fi fi; d ${{ x }}"},
    {"f() { if a; then return 1; fi; for i in 1 2; do b ${{ x }}; done; }"},
    {"echo if fi done esac do ${{ x }}"},
};
INSTANTIATE_TEST_SUITE_P(Reviewed, ShellTextTakes, ::testing::ValuesIn(kReviewed));

TEST(ShellText, NamesEveryWrongPlaceholder) {
  const auto errors = judged("echo '${{ a }}' ${{ b }} \"${{ c }}\"\n# ${{ d }}", kSh);
  ASSERT_EQ(errors.size(), 3u);
  EXPECT_EQ(errors[1].at.column, 27u);
  EXPECT_EQ(errors[2].at.line, 2u);
}

TEST(ShellText, IsReadHoweverDeepItIs) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "$(";
  EXPECT_EQ(judged(deep + "${{ x }}", kBash).size(), 1u);
  std::string expansions;
  for (int i = 0; i < 100'000; ++i) expansions += "${a:-";
  EXPECT_EQ(judged(expansions + "${{ x }}", kBash).size(), 1u);
  std::string arithmetic;
  for (int i = 0; i < 100'000; ++i) arithmetic += "$((1+";
  EXPECT_EQ(judged(arithmetic + "${{ x }}", kBash).size(), 1u);
  std::string arrays;
  for (int i = 0; i < 100'000; ++i) arrays += "a=(";
  EXPECT_EQ(judged(arrays + "${{ x }}", kBash).size(), 1u);
  std::string quotes;
  for (int i = 0; i < 100'000; ++i) quotes += "\"$(\"${a:-";
  EXPECT_EQ(judged(quotes + "${{ x }}", kBash).size(), 1u);
}

TEST(ShellText, IsKnownByTheNameOfItsProgram) {
  EXPECT_EQ(shell_family({"/bin/sh", "-c"}), kSh);
  EXPECT_EQ(shell_family({"dash", "-c"}), kSh);
  EXPECT_EQ(shell_family({"/usr/bin/bash", "-euo", "pipefail", "-c"}), kBash);
  EXPECT_EQ(shell_family({"ksh", "-c"}), kKsh);
  EXPECT_EQ(shell_family({"/bin/zsh", "-c"}), kZsh);
  EXPECT_EQ(shell_family({"busybox", "sh", "-c"}), kSh);
  EXPECT_EQ(shell_family({"busybox", "ash", "-c"}), kSh);
  for (const std::vector<std::string>& other : std::vector<std::vector<std::string>>{{},
                                                                                     {"python3", "-c"},
                                                                                     {"busybox", "awk"},
                                                                                     {"busybox"},
                                                                                     {"env", "bash", "-c"},
                                                                                     {"fish", "-c"},
                                                                                     {"bash2", "-c"},
                                                                                     {"/bin/bash/", "-c"},
                                                                                     {"sudo", "sh", "-c"}}) {
    EXPECT_FALSE(shell_family(other));
  }
}

}  // namespace
}  // namespace runbook::domain
