#include "controller/app/command_policy_settings.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <set>
#include <string_view>

#include "controller/app/settings.hpp"

namespace runbook::app {
namespace {

constexpr std::string_view kMembers = "refuse, protected_paths, deny and never_allow";

std::string scalar(const YAML::Node& node, std::string_view where) {
  if (!node.IsScalar()) throw SettingsError(fmt::format("must have texts in {}", where));
  return node.Scalar();
}

std::set<std::string> words(const YAML::Node& list, std::string_view name) {
  if (!list.IsSequence()) throw SettingsError(fmt::format("must have a list as {}", name));
  std::set<std::string> words;
  for (const auto& item : list) words.insert(scalar(item, name));
  return words;
}

// A pattern alone, or {pattern, unless}.
domain::DenyPattern pattern(const YAML::Node& node) {
  if (node.IsScalar()) return {node.Scalar()};
  if (!node.IsMap()) throw SettingsError("must have a pattern for each name in deny");
  domain::DenyPattern given;
  for (const auto& entry : node) {
    const auto name = scalar(entry.first, "deny");
    if (name == "pattern") {
      given.pattern = scalar(entry.second, "deny");
    } else if (name == "unless") {
      given.unless = scalar(entry.second, "deny");
    } else {
      throw SettingsError(fmt::format("has \"{}\" in deny, where only pattern and unless are known", name));
    }
  }
  return given;
}

domain::PolicySettings read(const YAML::Node& document) {
  if (!document.IsMap()) throw SettingsError(fmt::format("must be a map of {}", kMembers));
  domain::PolicySettings settings;
  for (const auto& entry : document) {
    const auto name = scalar(entry.first, "its names");
    if (name == "refuse") {
      settings.refuse = words(entry.second, name);
    } else if (name == "protected_paths") {
      settings.protected_paths = words(entry.second, name);
    } else if (name == "never_allow") {
      settings.never_allow = words(entry.second, name);
    } else if (name == "deny") {
      if (!entry.second.IsMap()) throw SettingsError("must have a map of names and patterns as deny");
      for (const auto& denied : entry.second) {
        settings.deny[scalar(denied.first, name)] = pattern(denied.second);
      }
    } else {
      throw SettingsError(fmt::format("has no member \"{}\", only {}", name, kMembers));
    }
  }
  return settings;
}

}  // namespace

domain::CommandPolicy parse_command_policy(const std::string& text) {
  YAML::Node document;
  try {
    document = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw SettingsError(fmt::format("must be YAML, and is not at line {}", error.mark.line + 1));
  }
  auto policy = domain::CommandPolicy::of(read(document));
  if (!policy) throw SettingsError(fmt::format("cannot be used ({})", policy.error().message));
  return *policy;
}

}  // namespace runbook::app
