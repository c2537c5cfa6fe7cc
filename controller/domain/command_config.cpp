// Reading the config of a command block.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "controller/domain/block_configs.hpp"
#include "controller/domain/command_policy.hpp"
#include "controller/domain/slug.hpp"
#include "controller/domain/targets.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

constexpr std::string_view kOwnVariables = "RUNBOOK_";

bool is_variable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool is_user_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !name.empty() && name.front() != '-' && std::ranges::all_of(name, allowed);
}

// Where a value must be the same on every run, and where it would not be quoted.
void refuse_placeholder(ObjectReader& reader, const std::string& pointer, std::string_view text) {
  if (text.find("${{") == std::string_view::npos) return;
  reader.faults().add(pointer, fault::kBadPlaceholder,
                      "${{ }} cannot stand here: use it in command (shell text), or read "
                      "\"$RUNBOOK_PARAM_<NAME>\" in the program.");
}

void read_argv(ObjectReader& reader, CommandConfig& config) {
  const auto argv = reader.texts("argv", limits::kArguments, limits::kHttpBodyBytes);
  if (!argv) return;
  if (argv->empty() || argv->front().empty()) {
    reader.fault("argv", fault::kBadValue, "argv must begin with the program to run.");
  }
  for (std::size_t i = 0; i < argv->size(); ++i) {
    refuse_placeholder(reader, fmt::format("{}/{}", reader.pointer("argv"), i), (*argv)[i]);
  }
  if (reader.member("command") != nullptr) {
    reader.fault("argv", fault::kBadValue, "A command has either command or argv, not both.");
  }
  config.argv = *argv;
}

void read_shell(ObjectReader& reader, CommandConfig& config) {
  const auto* shell = reader.member("shell");
  if (shell == nullptr) return;
  if (reader.member("argv") != nullptr) {
    reader.fault("shell", fault::kBadValue, "argv runs without a shell; shell goes with command.");
    return;
  }
  if (shell->is_array()) {
    const auto words = reader.texts("shell", limits::kArguments, limits::kPathBytes);
    if (words && (words->empty() || std::ranges::any_of(*words, &std::string::empty))) {
      reader.fault("shell", fault::kBadValue, "shell must name a program, and its words must not be empty.");
    } else if (words) {
      for (std::size_t i = 0; i < words->size(); ++i) {
        refuse_placeholder(reader, fmt::format("{}/{}", reader.pointer("shell"), i), (*words)[i]);
      }
      config.shell = *words;
    }
  } else if (auto path = reader.text("shell", {.max_bytes = limits::kPathBytes})) {
    refuse_placeholder(reader, reader.pointer("shell"), *path);
    config.shell = {std::move(*path), "-c"};
  }
}

void read_what(ObjectReader& reader, CommandConfig& config) {
  if (auto command = reader.text("command", {.max_bytes = limits::kHttpBodyBytes})) {
    config.command = std::move(*command);
  }
  read_argv(reader, config);
  read_shell(reader, config);
  if (reader.member("command") == nullptr && reader.member("argv") == nullptr) {
    reader.fault("command", fault::kRequired, "A command needs command (shell text) or argv.");
  }
}

void read_environment(ObjectReader& reader, CommandConfig& config) {
  const auto* value = reader.member("environment");
  if (value == nullptr) return;
  const auto* object = value->if_object();
  if (object == nullptr) {
    reader.fault("environment", fault::kWrongType, "environment must be an object of texts.");
    return;
  }
  if (object->size() > limits::kEnvironmentVariables) {
    reader.fault("environment", fault::kTooMany,
                 fmt::format("There may be at most {} variables.", limits::kEnvironmentVariables));
    return;
  }
  for (const auto& entry : *object) {
    const std::string name = entry.key();
    const auto at = reader.pointer("environment") + '/' + pointer_token(name);
    if (!is_variable_name(name)) {
      reader.faults().add(at, fault::kBadValue, "A variable's name consists of letters, digits and '_'.");
    } else if (name.starts_with(kOwnVariables)) {
      reader.faults().add(at, fault::kBadValue, "Names that begin with RUNBOOK_ are set by Runbook Studio.");
    } else if (judge_text(entry.value(), at, {.max_bytes = limits::kParameterValueBytes, .not_empty = false},
                          reader.faults())) {
      std::string text(entry.value().get_string());
      config.environment.emplace(name, std::move(text));
    }
  }
}

void read_place(ObjectReader& reader, CommandConfig& config) {
  if (auto user = reader.text("run_as")) {
    if (user->find("${{") != std::string::npos) {
      refuse_placeholder(reader, reader.pointer("run_as"), *user);
    } else if (!is_user_name(*user)) {
      reader.fault("run_as", fault::kBadValue, "This is no user name.");
    }
    config.run_as = std::move(*user);
  }
  if (auto folder = reader.text("working_directory", {.max_bytes = limits::kPathBytes})) {
    if (!folder->starts_with('/')) {
      reader.fault("working_directory", fault::kBadValue, "working_directory must be an absolute path.");
    }
    refuse_placeholder(reader, reader.pointer("working_directory"), *folder);
    config.working_directory = std::move(*folder);
  }
  if (const auto* targets = reader.member("targets")) {
    config.targets = read_targets(*targets, reader.pointer("targets"), Need::kRequired, reader.faults());
  }
}

void read_times(ObjectReader& reader, CommandConfig& config) {
  if (const auto seconds = reader.integer("timeout_seconds", 1, limits::kStepTimeoutMax.count())) {
    config.timeout = std::chrono::seconds(*seconds);
  }
  if (const auto seconds = reader.integer("stop_grace_seconds", 0, limits::kStopGraceMax.count())) {
    config.stop_grace = std::chrono::seconds(*seconds);
  }
}

void read_approval(ObjectReader& reader, CommandConfig& config) {
  const auto* value = reader.member("approval");
  if (value == nullptr) return;
  if (value->is_string()) {
    if (reader.one_of("approval", {"none"})) config.approval.reset();
    return;
  }
  ObjectReader approval(*value, reader.pointer("approval"), reader.faults());
  constexpr auto kMostPeople = static_cast<std::int64_t>(limits::kApprovals);
  if (const auto people = approval.integer("required", 1, kMostPeople)) {
    config.approval->required = static_cast<int>(*people);
  }
  config.approval->other_person = approval.boolean("other_person").value_or(false);
  if (const auto seconds = approval.integer("expires_seconds", 1, limits::kApprovalLifeMax.count())) {
    config.approval->expires = std::chrono::seconds(*seconds);
  }
  approval.refuse_unknown();
}

std::optional<HostShare> read_share(ObjectReader& reader, std::string_view name, int least) {
  const auto* value = reader.member(name);
  if (value == nullptr) return std::nullopt;
  constexpr int kMostHosts = 1'000'000;
  if (!value->is_string()) {
    if (const auto number = reader.integer(name, least, kMostHosts))
      return HostShare{static_cast<int>(*number), false};
    return std::nullopt;
  }
  const std::string text(value->get_string());
  int percent = -1;
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, percent);
  constexpr int kAll = 100;
  if (error != std::errc{} || end + 1 != last || *end != '%' || percent < least || percent > kAll) {
    reader.fault(name, fault::kBadValue,
                 fmt::format("{} is a number of hosts or a percentage such as \"25%\".", name));
    return std::nullopt;
  }
  return HostShare{percent, true};
}

void read_rollout(ObjectReader& reader, CommandConfig& config) {
  const auto* value = reader.member("rollout");
  if (value == nullptr) return;
  ObjectReader rollout(*value, reader.pointer("rollout"), reader.faults());
  config.max_parallel = read_share(rollout, "max_parallel", 1).value_or(config.max_parallel);
  config.max_failures = read_share(rollout, "max_failures", 0).value_or(config.max_failures);
  rollout.refuse_unknown();
}

void read_repeats(ObjectReader& reader, CommandConfig& config) {
  constexpr auto kMost = static_cast<std::int64_t>(limits::kRetries);
  config.retries = static_cast<int>(reader.integer("retries", 0, kMost).value_or(0));
  config.wait_for_offline = reader.one_of("on_offline", {"fail", "wait"}) == "wait";
  const auto* value = reader.member("on_disconnect");
  if (value == nullptr) return;
  if (!value->is_object()) {
    if (value->is_string()) {
      reader.one_of("on_disconnect", {"continue"});
    } else {
      reader.fault("on_disconnect", fault::kWrongType,
                   R"(on_disconnect is "continue" or {"stop_after": seconds}.)");
    }
    return;
  }
  ObjectReader stop(*value, reader.pointer("on_disconnect"), reader.faults());
  if (const auto seconds = stop.integer("stop_after", 1, limits::kStepTimeoutMax.count(), Need::kRequired)) {
    config.stop_after = std::chrono::seconds(*seconds);
  }
  stop.refuse_unknown();
}

// Only the shape: a credential may be made after the runbook was saved.
void read_credentials(ObjectReader& reader, CommandConfig& config) {
  const auto names = reader.texts("credentials", limits::kBlockCredentials, limits::kCredentialNameBytes);
  if (!names) return;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const auto at = fmt::format("{}/{}", reader.pointer("credentials"), i);
    if (!is_slug((*names)[i])) {
      reader.faults().add(at, fault::kBadValue, "This is no name of a credential.");
    } else if (!seen.insert((*names)[i]).second) {
      reader.faults().add(at, fault::kDuplicate, "This credential is listed twice.");
    }
  }
  config.credentials = *names;
}

// What CONTRACT §1 names and a later version builds.
void refuse_not_built(ObjectReader& reader, CommandConfig& config) {
  const auto output = reader.one_of("output", {"auto", "block", "drop"});
  if (output == "drop") {
    reader.fault("output", fault::kNotBuilt,
                 "Dropping output is not available yet: use auto, or send what is not needed to /dev/null.");
  } else if (output) {
    config.output = *output;
  }
}

// Whether the words mean something is the policy's to say, which may change after the runbook was saved.
void read_allow(ObjectReader& reader, CommandConfig& config) {
  const auto words = reader.texts("allow", limits::kAllowWords, limits::kPathBytes);
  if (!words) return;
  for (std::size_t i = 0; i < words->size(); ++i) {
    if (is_allow_word((*words)[i])) continue;
    reader.faults().add(fmt::format("{}/{}", reader.pointer("allow"), i), fault::kBadValue,
                        "allow takes words such as pipe, and write: with an absolute path: write:/etc/motd.");
  }
  config.allow = *words;
}

}  // namespace

CommandConfig read_command(const json::value& value, const std::string& pointer, Faults& faults) {
  CommandConfig config;
  ObjectReader reader(value, pointer, faults);
  if (!reader.is_object()) return config;
  read_what(reader, config);
  read_place(reader, config);
  read_environment(reader, config);
  read_times(reader, config);
  read_approval(reader, config);
  read_rollout(reader, config);
  read_repeats(reader, config);
  read_allow(reader, config);
  read_credentials(reader, config);
  refuse_not_built(reader, config);
  reader.refuse_unknown();
  return config;
}

}  // namespace runbook::domain
