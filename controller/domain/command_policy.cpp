#include "controller/domain/command_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "controller/domain/command_policy_rules.hpp"
#include "controller/domain/runbook.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace {

constexpr std::array<std::string_view, 8> kSystemPaths{"/etc",  "/boot", "/usr",  "/bin",
                                                       "/sbin", "/lib",  "/proc", "/sys"};
constexpr std::string_view kDevices = "/dev";

struct DefaultPattern {
  std::string_view name;
  std::string_view pattern;
  std::string_view unless;
};
constexpr std::array<DefaultPattern, 4> kDefaultPatterns{{
    {"rm_root",
     R"(^rm (.* )?(-[A-Za-z]*[rR][A-Za-z]*|--recursive) (.* )?/+(\.*/*)*\*?( |$))"
     R"(|^rm (.* )?/+(\.*/*)*\*? (.* )?(-[A-Za-z]*[rR][A-Za-z]*|--recursive)( |$))",
     ""},
    {"mkfs", R"(^(mkfs(\.\S*)?|mke2fs)( |$))", ""},
    {"dd_device", R"(^dd (.* )?of=/+dev/)", R"( of=/+dev/(null|zero|full|tty|stdout|stderr|fd/\S*)( |$))"},
    {kForkBombWord, "", ""},  // a function that starts itself side by side: command_judge.cpp
}};

bool is_word(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= limits::kNameBytes && letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_path(std::string_view text) {
  return text.starts_with('/') && text.size() <= limits::kPathBytes &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

Result<std::shared_ptr<const re2::RE2>> compile(std::string_view name, std::string_view pattern) {
  if (pattern.empty()) return nullptr;
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (pattern.size() <= limits::kPatternBytes && compiled->ok()) return compiled;
  return failure(ErrorCode::kInvalid, fmt::format("deny: the pattern of {} is no regular expression (RE2) of "
                                                  "at most {} bytes: {}",
                                                  name, limits::kPatternBytes, compiled->error()));
}

Result<void> judge_settings(const PolicySettings& settings) {
  const auto wrong = [](std::string message) { return failure(ErrorCode::kInvalid, std::move(message)); };
  const auto most = std::max({settings.refuse.size(), settings.protected_paths.size(), settings.deny.size(),
                              settings.never_allow.size()});
  if (most > limits::kPolicyEntries) {
    return wrong(
        fmt::format("a list of the command policy has more than {} entries", limits::kPolicyEntries));
  }
  for (const auto& word : settings.refuse) {
    if (std::ranges::find(operator_words(), word) == operator_words().end()) {
      return wrong(fmt::format("refuse: \"{}\" is none of {}", word, fmt::join(operator_words(), ", ")));
    }
  }
  for (const auto& path : settings.protected_paths) {
    if (!is_path(path)) return wrong(fmt::format("protected_paths: \"{}\" is no absolute path", path));
  }
  for (const auto& [name, pattern] : settings.deny) {
    if (!is_word(name)) {
      return wrong(fmt::format("deny: \"{}\" is no name of small letters, digits and '_'", name));
    }
    if (pattern.pattern.empty() || std::ranges::count(operator_words(), name) != 0 || name == kWriteWord) {
      return wrong(fmt::format("deny: \"{}\" needs a pattern and a name of its own", name));
    }
  }
  for (const auto& word : settings.never_allow) {
    if (word != kWriteWord && !is_allow_word(word)) {
      return wrong(fmt::format("never_allow: \"{}\" is no word of allow", word));
    }
  }
  return {};
}

}  // namespace

const std::vector<std::string_view>& operator_words() {
  static const std::vector<std::string_view> words{
      "pipe",  "and_or",        "sequence",  "background", "subshell", "substitution", "process_substitution",
      "input", "here_document", kOutputWord, kUnreadWord};
  return words;
}

bool is_allow_word(std::string_view word) {
  if (word.starts_with(kWritePrefix)) return is_path(word.substr(kWritePrefix.size()));
  return is_word(word) && word != kWriteWord;
}

std::string to_string(const PolicyRefusal& refusal) {
  return to_string(TextError{refusal.message, refusal.at});
}

std::string normal_path(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  return fmt::format("/{}", fmt::join(parts, "/"));
}

bool is_below(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool CommandPolicy::Rules::knows(std::string_view word) const {
  return word.starts_with(kWritePrefix) || std::ranges::count(operator_words(), word) != 0 ||
         std::ranges::count(deny, word, &Denied::name) != 0;
}

bool CommandPolicy::Rules::allows(const std::vector<std::string>& allow, const std::string& word) const {
  if (!word.starts_with(kWritePrefix)) {
    return std::ranges::count(allow, word) != 0 && !never_allow.contains(word);
  }
  if (never_allow.contains(std::string(kWriteWord))) return false;
  const auto path = word.substr(kWritePrefix.size());
  const auto covers = [&](const std::string& entry) {
    return entry.starts_with(kWritePrefix) && is_below(path, normal_path(entry.substr(kWritePrefix.size())));
  };
  return std::ranges::any_of(allow, covers) && std::ranges::none_of(never_allow, covers);
}

CommandPolicy::CommandPolicy() {
  static const CommandPolicy defaults = of({}).value();
  rules_ = defaults.rules_;
}

Result<CommandPolicy> CommandPolicy::of(const PolicySettings& settings) {
  if (auto judged = judge_settings(settings); !judged) return std::unexpected(judged.error());
  auto rules = std::make_shared<Rules>();
  rules->refuse = settings.refuse;
  rules->never_allow = settings.never_allow;
  rules->paths.insert(kSystemPaths.begin(), kSystemPaths.end());
  rules->paths.emplace(kDevices);
  for (const auto& path : settings.protected_paths) rules->paths.insert(normal_path(path));
  auto patterns = settings.deny;
  for (const auto& given : kDefaultPatterns) {
    patterns.try_emplace(std::string(given.name),
                         DenyPattern{std::string(given.pattern), std::string(given.unless)});
  }
  for (const auto& [name, given] : patterns) {
    auto pattern = compile(name, given.pattern);
    if (!pattern) return std::unexpected(pattern.error());
    auto unless = compile(name, given.unless);
    if (!unless) return std::unexpected(unless.error());
    rules->deny.push_back({name, std::move(*pattern), std::move(*unless)});
  }
  return CommandPolicy(std::move(rules));
}

std::vector<PolicyRefusal> CommandPolicy::judge_allow(const CommandConfig& config) const {
  std::vector<PolicyRefusal> refusals;
  for (std::size_t i = 0; i < config.allow.size(); ++i) {
    const auto& word = config.allow[i];
    const bool writes = word.starts_with(kWritePrefix);
    const auto normal = writes ? fmt::format("{}{}", kWritePrefix,
                                             normal_path(std::string_view(word).substr(kWritePrefix.size())))
                               : word;
    std::string message;
    if (!rules_->knows(word)) {
      message = fmt::format("The command policy has no \"{}\".", word);
    } else if (!rules_->allows({normal}, normal)) {
      message = fmt::format("The administrator of Runbook Studio lets no runbook allow \"{}\".", word);
    }
    if (!message.empty()) refusals.push_back({fmt::format("allow/{}", i), {}, word, std::move(message)});
  }
  return refusals;
}

}  // namespace runbook::domain
