// Where a placeholder is refused in a command, with its place.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/judged_shell.hpp"

namespace runbook::domain {
namespace {

using testing::judged;
using testing::kBash;
using testing::kKsh;
using testing::kSh;
using testing::kZsh;

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

}  // namespace
}  // namespace runbook::domain
