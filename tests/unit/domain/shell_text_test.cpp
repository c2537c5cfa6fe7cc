#include "controller/domain/shell_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace runbook::domain {
namespace {

constexpr auto kSh = ShellFamily::kPosix;
constexpr auto kBash = ShellFamily::kBash;
constexpr auto kKsh = ShellFamily::kKsh;
constexpr auto kZsh = ShellFamily::kZsh;

std::vector<TextError> judged(std::string_view text, ShellFamily family) {
  const auto placeholders = find_placeholders(text);
  if (!placeholders) return {placeholders.error()};
  return judge_shell_text(text, *placeholders, family);
}

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

struct Refused {
  const char* text;
  const char* error;  // "line:column", then a part of the message
  ShellFamily family = kSh;
};

class ShellTextRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(ShellTextRefuses, APlaceholderAndSaysWhereItStands) {
  const auto errors = judged(GetParam().text, GetParam().family);
  ASSERT_FALSE(errors.empty()) << GetParam().text;
  const auto& first = errors.front();
  const std::string_view expected = GetParam().error;
  const auto space = expected.find(' ');
  EXPECT_EQ(fmt::format("{}:{}", first.at.line, first.at.column), expected.substr(0, space))
      << GetParam().text;
  EXPECT_NE(first.message.find(expected.substr(space + 1)), std::string::npos) << GetParam().text << "\n"
                                                                               << first.message;
}

constexpr Refused kQuotes[] = {
    {"echo '${{ x }}'", "1:7 inside single quotes"},
    {"echo 'a' 'b\n${{ x }}'", "2:1 inside single quotes"},
    {"echo '\\'' ${{ x }}'", "1:11 inside single quotes"},
    {"echo \"${{ x }}\"", "1:7 inside double quotes"},
    {"echo \"a \\\" ${{ x }}\"", "1:12 inside double quotes"},
    {"echo \"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80 ${{ x }}\"", "1:11 inside double quotes"},
    {"echo \"'${{ x }}'\"", "1:8 inside double quotes"},
    {"echo \"$(a \"b ${{ x }}\")\"", "1:14 inside double quotes"},
    {"echo \"$(a 'b ${{ x }}')\"", "1:14 inside single quotes"},
    {"echo \"\\${{ x }}\"", "1:8 inside double quotes"},
    {"echo \"$${{ x }}\"", "1:8 inside double quotes"},
    {"echo $\"${{ x }}\"", "1:8 inside double quotes", kBash},
    {"echo $'${{ x }}'", "1:8 inside $'", kBash},
    {"echo $'\\'${{ x }}'", "1:10 inside $'", kBash},
    {"echo $'\\'${{ x }}'", "1:10 which shells read differently"},
    {"echo $'\\'' ${{ x }}", "1:12 which shells read differently"},
    {"echo $'\\${{ x }}'", "1:9 inside $'", kZsh},
    {"echo \\${{ x }}", "1:7 after a backslash"},
    {"echo a\\\\\\${{ x }}", "1:10 after a backslash"},
    {"echo $${{ x }}", "1:7 after a $"},
    {"echo a$${{ x }}", "1:8 after a $"},
    {"echo $$$${{ x }}", "1:9 after a $"},
    {"# ${{ x }}", "1:3 in a comment"},
    {"echo a # b ${{ x }}", "1:12 in a comment"},
    {"echo a;# b ${{ x }}", "1:12 in a comment"},
    {"echo $(a # ${{ x }}\n)", "1:12 in a comment"},
    {"a() #${{ x }}\n{ b; }", "1:6 in a comment"},
    {"a=(b #${{ x }}\n)", "1:7 in a comment", kBash},
};
INSTANTIATE_TEST_SUITE_P(Quotes, ShellTextRefuses, ::testing::ValuesIn(kQuotes));

constexpr Refused kSubstitutions[] = {
    {"echo `cat ${{ x }}`", "1:11 inside backticks"},
    {"echo \"`cat ${{ x }}`\"", "1:12 inside backticks"},
    {"echo `echo \\`cat ${{ x }}\\``", "1:18 inside backticks"},
    {"echo `echo '${{ x }}'`", "1:13 inside backticks"},
    {"echo $(( ${{ x }} + 1 ))", "1:10 in arithmetic"},
    {"echo $((${{ x }}))", "1:9 in arithmetic"},
    {"echo $(( (1) + (${{ x }}) ))", "1:17 in arithmetic"},
    {"echo $(( $(echo ${{ x }}) ))", "1:17 in arithmetic"},
    {"echo $(( a[${{ x }}] ))", "1:12 in arithmetic"},
    {"echo \"$(( ${{ x }} ))\"", "1:11 in arithmetic"},
    {"echo $((echo ${{ x }}) | cat)", "1:14 in arithmetic"},
    {"echo $((echo a) | cat ${{ x }})", "1:23 which shells read differently"},
    {"(( i = ${{ x }} ))", "1:8 in arithmetic", kBash},
    {"((a) ; b ${{ x }})", "1:10 which shells read differently", kBash},
    {"((a) ; b ${{ x }})", "1:10 which shells read differently"},
    {"for ((i = ${{ x }}; i < 3; i++)); do :; done", "1:11 in arithmetic", kBash},
    {"echo $[ ${{ x }} ]", "1:9 which shells read differently", kBash},
    {"echo $[ 1 ] ${{ x }}", "1:13 which shells read differently"},
    {"echo ${a:-${{ x }}}", "1:11 inside ${ }"},
    {"echo \"${a:-${{ x }}}\"", "1:12 inside ${ }"},
    {"echo ${a#\"${{ x }}\"}", "1:11 inside ${ }"},
    {"echo ${a:-$(cat ${{ x }})}", "1:17 inside ${ }"},
    {"echo ${a:-${b:-${{ x }}}}", "1:16 inside ${ }"},
    {"echo ${a[${{ x }}]}", "1:10 inside ${ }", kBash},
    {"echo \"${a:-'}'}\" ${{ x }}", "1:18 which shells read differently"},
    {"echo \"${a:-\"b\"}\" ${{ x }}", "1:18 which shells read differently"},
    {"echo ${a:-{b}} ${{ x }}", "1:16 which shells read differently"},
    {"echo ${ cat ${{ x }}; }", "1:13 which shells read differently", kKsh},
    {"echo ${|a;} ${{ x }}", "1:13 which shells read differently", kKsh},
    {"echo ${(s:}:)a} ${{ x }}", "1:17 which shells read differently", kZsh},
    {"echo $~a${{ x }} ${{ y }}", "1:9 which shells read differently", kZsh},
};
INSTANTIATE_TEST_SUITE_P(Substitutions, ShellTextRefuses, ::testing::ValuesIn(kSubstitutions));

constexpr Refused kPlaces[] = {
    {"cat <<E\n${{ x }}\nE", "2:1 in a here-document"},
    {"cat <<'E'\na ${{ x }}\nE", "2:3 in a here-document"},
    {"cat <<-E\n\t${{ x }}\n\tE", "2:2 in a here-document"},
    {"cat <<-E\n\tE \n\t${{ x }}\n\tE", "3:2 in a here-document"},
    {"cat <<E\n E\n${{ x }}\nE", "3:1 in a here-document"},
    {"cat <<E\n$(cat ${{ x }})\nE", "2:7 in a here-document"},
    {"cat <<E;\nE${{ x }}\nE", "2:2 in a here-document"},
    {"cat <<E\r\nE\n${{ x }}\nE\r\n", "3:1 in a here-document"},
    {"cat <<A <<B\nA\n${{ x }}\nB", "3:1 in a here-document"},
    {"x=$(cat <<E\n${{ x }}\nE\n)", "2:1 in a here-document"},
    {"cat << ${{ x }}\na", "1:8 as the delimiter"},
    {"cat <<E${{ x }}\na", "1:8 as the delimiter"},
    {"cat <<$E\n$E\n${{ x }}", "3:1 which shells read differently"},
    {"cat <<\n${{ x }}", "2:1 which shells read differently"},
    {"cat <<#E\n${{ x }}", "2:1 which shells read differently", kKsh},
    {"x=$(cat <<E)\na\nE\n${{ x }}", "4:1 which shells read differently"},
    {"cat <<E $(a\nb)\nE\necho ${{ x }}", "4:6 which shells read differently"},
    {"cat <<E\na\\\nE\n${{ x }}", "4:1 which shells read differently"},
    {"[[ ${{ x }} == a ]]", "1:4 inside [[ ]]", kBash},
    {"[[ a == b || -n ${{ x }} ]]", "1:17 inside [[ ]]", kBash},
    {"[[ a =~ (${{ x }}) ]]", "1:10 inside [[ ]]", kZsh},
    {"[[ $(a ${{ x }}) ]]", "1:8 inside [[ ]]", kBash},
    {"if [[ ${{ x }} -eq 1 ]]; then a; fi", "1:7 inside [[ ]]", kKsh},
    {"! [[ a ]] && [[ ${{ x }} ]]", "1:17 inside [[ ]]", kBash},
    {"[[ ${{ x }} ]]", "1:4 inside [[ ]]"},
    {"[[ a < b ]] ${{ x }}", "1:13 which shells read differently"},
    {"[[ a #b ]]\n${{ x }}", "2:1 which shells read differently", kBash},
    {"a[${{ x }}]=b", "1:3 inside [ ] of a word", kBash},
    {"a[b[0]+${{ x }}]=c", "1:8 inside [ ] of a word", kBash},
    {"a[$(echo ${{ x }})]=c", "1:10 inside [ ] of a word", kBash},
    {"a[1 + ${{ x }}]=b", "1:7 which shells read differently", kBash},
    {"unset a[${{ x }}]", "1:9 inside [ ] of a word", kBash},
    {"a=([${{ x }}]=b)", "1:5 inside [ ] of a word", kBash},
    {"echo $a[${{ x }}]", "1:9 inside [ ] of a word", kZsh},
    {"ls file[${{ x }}]", "1:9 inside [ ] of a word"},
    {"echo ~${{ x }}", "1:7 after a ~"},
    {"echo ~a${{ x }}/b", "1:8 after a ~"},
    {"x=~${{ x }}", "1:4 after a ~"},
    {"PATH=a:~${{ x }}", "1:9 after a ~"},
    {"echo =${{ x }}", "1:7 after a ~", kZsh},
    {"echo {a,${{ x }}}", "1:9 inside { } of a word", kZsh},
    {"echo {1..${{ x }}}", "1:10 inside { } of a word", kKsh},
    {"a=(b); a+=(${{ x }})", "1:12 which shells read differently", kKsh},
    {"for ${{ x }} in a; do b; done", "1:5 as the name"},
    {"${{ x }}() { a; }", "1:1 as the name"},
    {"function ${{ x }} { a; }", "1:10 as the name", kBash},
    {"a=(b); echo ${{ x }}", "1:13 which shells read differently"},
    {"echo @(a|${{ x }})", "1:10 which shells read differently", kBash},
    {"echo *(.) ${{ x }}", "1:11 which shells read differently", kZsh},
    {"a ) b ${{ x }}", "1:7 which shells read differently"},
    {"x=$(case a of a) ${{ x }}", "1:18 which shells read differently"},
    {"repeat 3 echo ${{ x }}", "1:15 which shells read differently", kZsh},
    {"echo '${{ x }}' \"${{ y }}\"", "1:7 inside single quotes"},
};
INSTANTIATE_TEST_SUITE_P(Places, ShellTextRefuses, ::testing::ValuesIn(kPlaces));

constexpr Refused kReviewedTexts[] = {
    {"a \"$(for i do case $i in x) b \"${{ x }}\";; esac; done)\"", "1:32 inside double quotes"},
    {"\"$(cat < <(true); case x in x) echo \"${{ x }}\";; esac)\"", "1:38 inside double", kBash},
    {"for i of a; do b ${{ x }}; done", "1:18 a loop without in or do"},
    {"\"$\\\n(a \"${{ x }}\")\"", "2:5 at the end of a line"},
    {"a $\\\n(b) ${{ x }}", "2:5 at the end of a line"},
    {"a $(\\\n(b) ) ${{ x }}", "2:7 at the end of a line"},
    {"a ${\\\nb} ${{ x }}", "2:4 at the end of a line"},
    {"a <\\\n<E ${{ x }}\nE", "2:4 at the end of a line", kBash},
    {"a <\\\n(b ${{ x }})", "2:4 at the end of a line", kBash},
    {"(\\\n(a) ) ${{ x }}", "2:7 at the end of a line", kBash},
    {"case a in a) b;\\\n; c) ${{ x }};; esac", "2:6 at the end of a line"},
    {"a &\\\n& b ${{ x }}", "2:5 at the end of a line"},
    {"ca\\\nse a in a) ${{ x }};; esac", "2:12 at the end of a line"},
    {"[\\\n[ a ]] ${{ x }}", "2:8 at the end of a line", kBash},
    {"a 2\\\n>b ${{ x }}", "2:4 at the end of a line"},
    {"a=(\\\n# it's\n${{ x }})", "3:1 at the end of a line", kBash},
    {"a $(:)<(true)#\"\n${{ x }}", "2:1 text at a <( )", kBash},
    {"a <(true)#\"\n${{ x }}", "2:1 text at a <( )", kBash},
    {"a <(true)${{ x }}", "1:10 text at a <( )", kBash},
    {"a x<(true) ${{ x }}", "1:12 text at a <( )", kBash},
    {"a <(true) ${{ x }}", "1:11 which shells read differently"},
    {"a >#b ${{ x }}", "1:7 a # behind a redirection"},
    {"\"$(a=1 case x in) ${{ x }} \"", "1:19 a reserved word behind"},
    {"\"$(2>&1 case x in) ${{ x }} \"", "1:20 a reserved word behind"},
    {"\"$(>a case x in) ${{ x }} \"", "1:18 a reserved word behind", kBash},
    {"\"$(time case x in) ${{ x }} \"", "1:20 a reserved word behind"},
    {"\"$(time -p case x in) ${{ x }} \"", "1:23 a reserved word behind", kBash},
    {"\"$(coproc case x in) ${{ x }} \"", "1:22 this reserved word"},
    {"\"$(select case x in) ${{ x }} \"", "1:22 this reserved word"},
    {"\"$(echo [[ a) ]] ${{ x }} \"", "1:18 inside double", kBash},
    {"\"$([[ a ]] case x in) ${{ x }} \"", "1:23 inside double"},
    {"echo ${{ x }} )", "1:6 ) without ("},
    {"echo ${{ x }}; fi", "1:6 a reserved word that closes nothing"},
    {"echo ${{ x }} '", "1:6 a ' that is not closed"},
    {"echo ${{ x }}; if a; then b", "1:6 that is not closed"},
    {"echo ${{ x }} \"$(a", "1:6 that is not closed"},
    {"a ${{ x }};; b", "1:3 outside of a case"},
};
INSTANTIATE_TEST_SUITE_P(ReviewedTexts, ShellTextRefuses, ::testing::ValuesIn(kReviewedTexts));

constexpr Refused kBuiltins[] = {
    {"let y=${{ x }}+1", "1:7 a word of let", kBash},
    {"let \"y = $(cat ${{ x }})\"", "1:16 a word of let", kBash},
    {"l'e't y=${{ x }}", "1:9 a word of let", kBash},
    {"command -- let y=${{ x }}", "1:18 a word of let", kBash},
    {"declare -i y=${{ x }}", "1:14 a word of declare", kBash},
    {"declare -ri y=${{ x }}", "1:15 a word of declare", kBash},
    {"typeset -n y=${{ x }}", "1:14 a word of typeset", kKsh},
    {"declare ${{ x }}=1", "1:9 a word of declare", kBash},
    {"export ${{ x }}", "1:8 a word of export"},
    {"typeset -i q; q=${{ x }}", "1:17 an assignment", kBash},
    {"integer y=${{ x }}", "1:11 a word of integer", kKsh},
    {"OPTIND=${{ x }}", "1:8 an assignment to OPTIND"},
    {"export PS4=${{ x }}", "1:12 an assignment to PS4"},
    {"[ ${{ x }} -eq 1 ]", "1:3 such a test", kKsh},
    {"test 1 -lt ${{ x }}", "1:12 such a test", kZsh},
    {"[ -v ${{ x }} ]", "1:6 such a test", kBash},
    {"[ ${{ x }} ${{ x }} ]", "1:12 two values in a row"},
    {"printf -v ${{ x }} a", "1:11 a word of printf", kBash},
    {"printf '%d' ${{ x }}", "1:13 a printf with other", kZsh},
    {"printf ${{ x }} a", "1:8 a word of printf", kZsh},
    {"print -f ${{ x }}", "1:10 a word of print", kZsh},
    {"read ${{ x }}", "1:6 a word of read"},
    {"unset ${{ x }}", "1:7 a word of unset"},
    {"eval ${{ x }}", "1:6 a word of eval"},
    {"eval \"$(echo ${{ x }})\"", "1:14 a word of eval"},
    {"a=1 command eval ${{ x }}", "1:18 a word of eval"},
    {"trap ${{ x }} EXIT", "1:6 a word of trap"},
    {"set -A ${{ x }} b", "1:8 a word of set", kKsh},
    {"exit ${{ x }}", "1:6 a word of exit", kZsh},
    {"alias a=b; a ${{ x }}", "1:14 alias"},
};
INSTANTIATE_TEST_SUITE_P(Builtins, ShellTextRefuses, ::testing::ValuesIn(kBuiltins));

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
