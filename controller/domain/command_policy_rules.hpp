// What a CommandPolicy was made of. Used by command_policy.cpp and command_judge.cpp only.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/command_policy.hpp"

namespace runbook::domain {

inline constexpr std::string_view kWriteWord = "write";  // never_allow: no exception for any path
inline constexpr std::string_view kWritePrefix = "write:";
inline constexpr std::string_view kOutputWord = "output";  // any writing redirection
inline constexpr std::string_view kUnreadWord = "unread";  // texts that the policy cannot read
inline constexpr std::string_view kForkBombWord = "fork_bomb";

struct CommandPolicy::Rules {
  struct Denied {
    std::string name;
    std::shared_ptr<const re2::RE2> pattern;
    std::shared_ptr<const re2::RE2> unless;  // or none
  };
  std::set<std::string> refuse;
  std::set<std::string> paths;
  std::vector<Denied> deny;
  std::set<std::string> never_allow;

  bool knows(std::string_view word) const;
  // Whether a block that lists `allow` may use `word`; for "write:" and a path, what is below it too.
  bool allows(const std::vector<std::string>& allow, const std::string& word) const;
};

// An absolute path without "//", "." and "..".
std::string normal_path(std::string_view path);
// Whether `path` is `folder` or lies below it, both as normal_path() makes them.
bool is_below(std::string_view path, std::string_view folder);

}  // namespace runbook::domain
