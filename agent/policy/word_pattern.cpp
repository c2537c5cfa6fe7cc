#include "agent/policy/word_pattern.hpp"

#include <vector>

namespace runbook::policy {
namespace {

constexpr std::string_view kWildcards = "*?";

bool climbs(std::string_view word) {
  for (std::size_t begin = 0; begin <= word.size();) {
    const auto end = std::min(word.find('/', begin), word.size());
    if (word.substr(begin, end - begin) == "..") return true;
    begin = end + 1;
  }
  return false;
}

// Places in the pattern that are reached without another character of the word: past wildcards that may stand
// for nothing.
void close(std::string_view pattern, std::vector<char>& reached) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (reached[i] != 0 && pattern[i] == '*') reached[i + 1] = 1;
  }
}

}  // namespace

// All places in the pattern at once, a character of the word at a time: no pattern can take long.
bool WordPattern::matches(std::string_view word) const {
  const std::string_view pattern = text_;
  if (pattern.find_first_of(kWildcards) == std::string_view::npos) return word == pattern;
  if (climbs(word)) return false;
  if (word.starts_with('-') && kWildcards.contains(pattern.front())) return false;
  std::vector<char> reached(pattern.size() + 1, 0);
  reached[0] = 1;
  close(pattern, reached);
  for (const char c : word) {
    std::vector<char> next(pattern.size() + 1, 0);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (reached[i] == 0) continue;
      const bool second = pattern[i] == '*' && i > 0 && pattern[i - 1] == '*';
      const bool doubled = second || (pattern[i] == '*' && i + 1 < pattern.size() && pattern[i + 1] == '*');
      if (pattern[i] == '*' && (c != '/' || doubled)) next[i] = 1;
      if (pattern[i] == '?' && c != '/') next[i + 1] = 1;
      if (pattern[i] != '*' && pattern[i] != '?' && pattern[i] == c) next[i + 1] = 1;
    }
    close(pattern, next);
    reached = std::move(next);
  }
  return reached[pattern.size()] != 0;
}

}  // namespace runbook::policy
