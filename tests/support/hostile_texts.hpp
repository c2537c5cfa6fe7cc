// Texts that broke other programs: quotes, blanks, control and format characters, bidirectional and combining
// characters, words of other languages, paths, numbers, and commands where a value should stand.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace runbook::testing {

// clang-format off
inline constexpr std::array kHostileFragments = std::to_array<std::string_view>({
    " ", "  a  b  ", "\t", "\r\n", "\x01\x02\x1b[31m\x7f", "'", "''", "\"", "`", "\\", "\\\\'", "'\"`\\",
    "$", "$x", "${HOME}", "$$", "$(id)", "`id`", "!!", "!$", "*", "?", "[a-z]*", "{a,b}", "{1..9}", "~",
    "~root", "#", "# x", ";", "&", "&&", "|", "||", "<", ">", ">>", "<<EOF", "2>&1", "()", "(( 1 ))",
    "[[ -v a ]]", "-n", "--help", "-rf /", "--", "-", "%s%n%p", "%00", "\\x00", "\\u0000", "\\n", "$'\\n'",
    "@-", "@/etc/passwd", "../../etc/passwd", "/dev/null", "file:///etc/passwd", "C:\\con\\nul",
    "' OR 1=1 --", "'; DROP TABLE x; --", "1;SELECT pg_sleep(9)", "$1", ":name", "E'\\''",
    "<script>alert(1)</script>", "<!--#exec cmd=\"id\"-->", "<?php echo 1; ?>", "]]>", "&lt;&#x27;",
    "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% raw %}", "{\"a\": [1]}", "[1,2", "null", "true", "NaN",
    "Infinity", "-0", "1e309", "0x7f", "007", "9223372036854775808", "0.1e", "yes", "~/.ssh",
    "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "\xc3\xa4\xc3\xb6\xc3\xbc", "e\xcc\x81", "\xe2\x80\xae" "evil",
    "\xe2\x80\x8b", "\xef\xbb\xbf", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
    "\xe4\xbd\xa0\xe5\xa5\xbd", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xef\xbc\x87\xef\xbc\x82", "\xc2\xa0",
    "\xe2\x80\xa8", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf", "Z\xcd\x91\xcc\xab\xcd\x89" "a",
    "\xe2\x84\xaa" "elvin",
});
// clang-format on

// More than 515 of them: every fragment by itself and in what may change how it is read.
inline std::vector<std::string> hostile_texts() {
  std::vector<std::string> texts = {""};
  for (const auto piece : kHostileFragments) {
    const std::string fragment(piece);
    texts.insert(texts.end(),
                 {fragment, "-" + fragment, fragment + "\n", "\n" + fragment, "'" + fragment + "'",
                  "\"" + fragment + "\"", "a" + fragment + "b", fragment + fragment});
  }
  return texts;
}

// 80 values that would run a command if they were read as shell text: it makes a file, or calls the witness.
inline std::vector<std::string> shell_payloads() {
  std::vector<std::string> payloads;
  for (const std::string command : {"touch pwned", "w pwned", "exec touch pwned", "/usr/bin/touch pwned"}) {
    payloads.insert(payloads.end(), {";" + command,
                                     "|" + command,
                                     "||" + command,
                                     "&&" + command,
                                     "&" + command,
                                     "\n" + command,
                                     "$(" + command + ")",
                                     "`" + command + "`",
                                     "${x:-$(" + command + ")}",
                                     "';" + command + ";'",
                                     "\";" + command + ";\"",
                                     ">(" + command + ")",
                                     "<(" + command + ")",
                                     "$((a[$(" + command + ")]))",
                                     "a[$(" + command + ")]",
                                     "\\;" + command,
                                     "{" + command + ",}",
                                     "() { :;}; " + command,
                                     "'$(" + command + ")'",
                                     "\"`" + command + "`\""});
  }
  return payloads;
}

// What template engines would compute or run.
inline std::vector<std::string> template_payloads() {
  return {"{{7*7}}",
          "{{7*'7'}}",
          "${7*7}",
          "$${7*7}",
          "#{7*7}",
          "*{7*7}",
          "@{7*7}",
          "<%= 7*7 %>",
          "<#assign x=1>",
          "{%25 for x in y %25}",
          "{{config.items()}}",
          "{{''.__class__.__mro__[1].__subclasses__()}}",
          "${T(java.lang.Runtime).getRuntime().exec('id')}",
          "{{constructor.constructor('return 1')()}}",
          "#set($x=7*7)$x",
          "{php}echo 1;{/php}",
          "[[${7*7}]]",
          "{{= 7*7 }}",
          "${{7*7}",
          "$\\{{7*7}}",
          "~[7*7]",
          "%{7*7}",
          "{{{7*7}}}",
          "{{#with 'x'}}{{/with}}",
          "=7*7",
          "{!7*7!}",
          "<th:block th:text=\"7\">"};
}

}  // namespace runbook::testing
