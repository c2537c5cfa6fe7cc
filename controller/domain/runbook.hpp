// What a runbook is once it was judged: values with every default filled in. Pure.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::domain {

using Labels = std::map<std::string, std::string>;

// Which hosts: a Kubernetes label selector, names or ids, or both (their union).
struct Targets {
  std::string selector;
  std::vector<std::string> hosts;
  bool empty() const { return selector.empty() && hosts.empty(); }
};

enum class ParameterType { kString, kInteger, kNumber, kBoolean, kChoice };

struct Parameter {
  std::string name;
  ParameterType type = ParameterType::kString;
  bool required = false;
  std::optional<boost::json::value> default_value;
  std::vector<std::string> choices;
  std::string pattern;  // RE2, whole value
  std::string description;
};

struct InstructionConfig {
  std::string text;  // Markdown
  bool acknowledge = true;
};

// A number of hosts or a percentage of them.
struct HostShare {
  int value = 0;
  bool percent = false;
};

// Whoever may approve confirms each command before it runs.
struct Approval {
  std::chrono::seconds expires{3600};
};

struct CommandConfig {
  std::string command;            // shell text, or
  std::vector<std::string> argv;  // program and arguments
  std::vector<std::string> shell = {"/bin/sh", "-c"};
  std::optional<Targets> targets;  // the execution's when absent
  std::string run_as;
  std::string working_directory;
  std::map<std::string, std::string> environment;
  std::chrono::seconds timeout{3600};
  std::chrono::seconds stop_grace{10};
  std::optional<Approval> approval = Approval{};  // nothing: "none"
  HostShare max_parallel{0, false};               // 0: all at once
  HostShare max_failures{0, false};
  std::string output = "auto";  // or "block"
};

struct Block {
  Uuid id;
  std::string name;
  std::string slug;
  int order = 0;                     // position from 0
  bool continue_on_failure = false;  // on_failure: continue
  std::variant<InstructionConfig, CommandConfig> config;

  std::string_view type() const;  // the contract's word
};

struct Runbook {
  std::string title;
  std::string description;
  Labels labels;
  std::vector<Parameter> parameters;
  std::vector<Block> blocks;
};

// Judges a document of POST or PUT /runbooks: every fault is named by JSON pointer; ids, slugs and orders are
// filled in (`new_id` makes ids). Block types and fields that are not built yet are refused.
Result<Runbook> judge_runbook(const boost::json::value& document, const std::function<Uuid()>& new_id);

// The same document with everything filled in, as it is stored and answered. judge_runbook(to_json(x)) is x.
boost::json::object to_json(const Runbook& runbook);

}  // namespace runbook::domain
