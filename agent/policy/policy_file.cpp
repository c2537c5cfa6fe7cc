#include "agent/policy/policy_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <functional>
#include <map>
#include <system_error>

#include "agent/runner/file_descriptor.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::policy {
namespace {

constexpr std::string_view kDigestPrefix = "sha256:";
constexpr std::size_t kDigestDigits = 64;
constexpr std::string_view kAnyMore = "...";

// What is wrong, and where.
struct Wrong {
  int line = 0;
  std::string what;
};

[[noreturn]] void refuse(const YAML::Node& node, std::string what) {
  throw Wrong{node.Mark().line + 1, std::move(what)};
}

std::string scalar(const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar() || node.Scalar().empty()) refuse(node, fmt::format("{} must be a text", what));
  if (node.Scalar().size() > limits::kHostPolicyEntryBytes)
    refuse(node, fmt::format("{} is longer than {} bytes", what, limits::kHostPolicyEntryBytes));
  return node.Scalar();
}

std::vector<YAML::Node> items(const YAML::Node& node, std::string_view name) {
  if (!node.IsSequence()) refuse(node, fmt::format("{} must be a list", name));
  if (node.size() > limits::kHostPolicyEntries)
    refuse(node, fmt::format("{} has more than {} entries", name, limits::kHostPolicyEntries));
  return {node.begin(), node.end()};
}

std::vector<std::string> texts(const YAML::Node& node, std::string_view name) {
  std::vector<std::string> list;
  for (const auto& item : items(node, name))
    list.push_back(scalar(item, fmt::format("an entry of {}", name)));
  return list;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != std::string::npos;) {
    const auto end = std::min(text.find_first_of(" \t", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// A text, cut at its blanks, or a list of words.
CommandPattern pattern(const YAML::Node& node, std::string_view name) {
  auto words =
      node.IsSequence() ? texts(node, name) : split(scalar(node, fmt::format("an entry of {}", name)));
  CommandPattern made;
  made.any_more = !words.empty() && words.back() == kAnyMore;
  if (made.any_more) words.pop_back();
  if (words.empty()) refuse(node, fmt::format("an entry of {} names no program", name));
  for (auto& word : words) made.words.emplace_back(std::move(word));
  return made;
}

std::vector<CommandPattern> patterns(const YAML::Node& node, std::string_view name) {
  std::vector<CommandPattern> list;
  for (const auto& item : items(node, name)) list.push_back(pattern(item, name));
  return list;
}

void read_commands(const YAML::Node& node, HostPolicy& policy) {
  policy.commands.emplace();
  for (const auto& item : items(node, "commands")) {
    if (!item.IsScalar() || !item.Scalar().starts_with(kDigestPrefix)) {
      policy.commands->push_back(pattern(item, "commands"));
      continue;
    }
    auto digest = item.Scalar().substr(kDigestPrefix.size());
    const bool hex = digest.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!hex || digest.size() != kDigestDigits)
      refuse(item, "an entry of commands must have 64 lower-case hex digits after sha256:");
    policy.scripts.push_back(std::move(digest));
  }
}

void read_interpreters(const YAML::Node& node, HostPolicy& policy) {
  policy.interpreters = patterns(node, "interpreters");
  for (auto& shell : *policy.interpreters) {  // one lone word gets `-c`, from the runner too
    if (shell.words.size() == 1 && !shell.any_more) shell.words.emplace_back("-c");
  }
}

std::vector<WordPattern> words(const YAML::Node& node, std::string_view name) {
  std::vector<WordPattern> list;
  for (auto& word : texts(node, name)) list.emplace_back(std::move(word));
  return list;
}

void read_environment(const YAML::Node& node, HostPolicy& policy) {
  policy.environment = words(node, "environment");
}

void read_directories(const YAML::Node& node, HostPolicy& policy) {
  policy.working_directories = words(node, "working_directories");
}

void read_runtime(const YAML::Node& node, HostPolicy& policy) {
  const auto text = scalar(node, "maximum_runtime_seconds");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 1 ||
      seconds > limits::kStepTimeoutMax.count()) {
    refuse(node, fmt::format("maximum_runtime_seconds must be a number from 1 to {}",
                             limits::kStepTimeoutMax.count()));
  }
  policy.maximum_runtime = std::chrono::seconds(seconds);
}

void read_read_only(const YAML::Node& node, HostPolicy& policy) {
  const auto text = scalar(node, "read_only");
  if (text != "true" && text != "false") refuse(node, "read_only must be true or false");
  policy.read_only = text == "true";
}

using Read = void (*)(const YAML::Node&, HostPolicy&);
const std::map<std::string, Read, std::less<>>& members() {
  static const std::map<std::string, Read, std::less<>> all = {
      {"read_only", &read_read_only},
      {"run_as", [](const YAML::Node& node, HostPolicy& policy) { policy.run_as = texts(node, "run_as"); }},
      {"interpreters", &read_interpreters},
      {"commands", &read_commands},
      {"working_directories", &read_directories},
      {"environment", &read_environment},
      {"maximum_runtime_seconds", &read_runtime}};
  return all;
}

HostPolicy read_policy(const std::string& text) {
  const YAML::Node document = YAML::Load(text);
  HostPolicy policy;
  if (document.IsNull()) return policy;
  if (!document.IsMap()) refuse(document, "it must hold members as `name: value`");
  std::vector<std::string> seen;
  for (const auto& member : document) {
    const auto name = member.first.IsScalar() ? member.first.Scalar() : std::string{};
    const auto known = members().find(name);
    if (known == members().end()) refuse(member.first, fmt::format("there is no member \"{}\"", name));
    if (std::ranges::find(seen, name) != seen.end())
      refuse(member.first, fmt::format("{} is there twice", name));
    seen.push_back(name);
    known->second(member.second, policy);
  }
  return policy;
}

std::string why() { return std::generic_category().message(errno); }

bool is_ours_alone(const struct stat& entry) {
  const bool owned = entry.st_uid == 0 || entry.st_uid == ::geteuid();
  return owned && (entry.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// Whoever may write to the folder may put another file in place of this one.
Result<void> check_owners(const std::string& file, int descriptor) {
  struct stat entry{};
  struct stat folder{};
  const auto slash = file.rfind('/');
  const std::string parent =
      slash == std::string::npos ? "." : file.substr(0, std::max<std::size_t>(slash, 1));
  if (::fstat(descriptor, &entry) != 0 || ::stat(parent.c_str(), &folder) != 0)
    return failure(ErrorCode::kUnavailable, fmt::format("The policy {} cannot be read: {}.", file, why()));
  if (S_ISREG(entry.st_mode) && is_ours_alone(entry) && is_ours_alone(folder)) return {};
  return failure(
      ErrorCode::kForbidden,
      fmt::format("The policy {} is not trusted: it and its folder have to be {}'s, and nobody else "
                  "may write to them.",
                  file, ::geteuid() == 0 ? "root" : "root's or the agent's user"));
}

Result<std::string> read_file(const std::string& file, int descriptor) {
  std::string text(limits::kHostPolicyBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto count = ::read(descriptor, text.data() + size, text.size() - size);
    if (count < 0)
      return failure(ErrorCode::kUnavailable, fmt::format("The policy {} cannot be read: {}.", file, why()));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > limits::kHostPolicyBytes) {
    return failure(ErrorCode::kTooLarge,
                   fmt::format("The policy {} is longer than {} bytes.", file, limits::kHostPolicyBytes));
  }
  text.resize(size);
  return text;
}

}  // namespace

Result<HostPolicy> parse_policy(const std::string& text, const std::string& file) {
  const auto wrong = [&file](int line, const std::string& what) {
    return failure(ErrorCode::kInvalid, fmt::format("The policy {} line {}: {}.", file, line, what));
  };
  try {
    auto policy = read_policy(text);
    policy.file = file;
    return policy;
  } catch (const Wrong& found) {
    return wrong(found.line, found.what);
  } catch (const YAML::Exception& error) {
    return wrong(error.mark.line + 1, "this is not YAML");
  }
}

Result<HostPolicy> load_policy(const std::string& file, bool named) {
  const runner::FileDescriptor descriptor(
      ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!descriptor && errno == ENOENT && !named) return HostPolicy{};
  if (!descriptor)
    return failure(ErrorCode::kUnavailable, fmt::format("The policy {} cannot be read: {}.", file, why()));
  if (const auto trusted = check_owners(file, descriptor.get()); !trusted)
    return std::unexpected(trusted.error());
  const auto text = read_file(file, descriptor.get());
  if (!text) return std::unexpected(text.error());
  return parse_policy(*text, file);
}

}  // namespace runbook::policy
