// What a runbook is once it was judged: values with every default filled in. Pure.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::domain {

class CommandPolicy;

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
  bool secret = false;  // masked everywhere, stored sealed only
  std::string description;
};

struct InstructionConfig {
  std::string text;  // Markdown, may hold ${{ }}
  bool acknowledge = true;
};

// A number of hosts or a percentage of them.
struct HostShare {
  int value = 0;
  bool percent = false;
};

// Who confirms a command before it runs. By default whoever may approve, the requester included.
struct Approval {
  int required = 1;           // different people
  bool other_person = false;  // neither the requester nor the last author
  std::chrono::seconds expires{3600};
};

struct CommandConfig {
  std::string command;            // shell text, may hold ${{ }}, or
  std::vector<std::string> argv;  // program and arguments
  std::vector<std::string> shell = {"/bin/sh", "-c"};
  std::optional<Targets> targets;  // the execution's when absent
  std::string run_as;
  std::string working_directory;
  std::map<std::string, std::string> environment;  // values may hold ${{ }}
  std::chrono::seconds timeout{3600};
  std::chrono::seconds stop_grace{10};
  std::optional<Approval> approval = Approval{};  // nothing: "none"
  HostShare max_parallel{0, false};               // 0: all at once
  HostShare max_failures{0, false};
  int retries = 0;                // repeats after the first try, on the hosts that failed
  bool wait_for_offline = false;  // on_offline: "wait" (until the step's time is over), else "fail"
  std::optional<std::chrono::seconds> stop_after = {};  // on_disconnect; nothing: "continue"
  std::string output = "auto";                          // or "block"
  std::vector<std::string> credentials = {};            // by name: files for the command
  std::vector<std::string> allow = {};  // what the command policy would refuse (command_policy.hpp)
};

// A request from the controller. Texts may hold ${{ }}, except scheme and authority of the URL.
struct ApiConfig {
  std::string method = "GET";
  std::string url;
  std::map<std::string, std::string> headers;
  std::map<std::string, std::string> query;
  std::optional<boost::json::value> body = {};  // text as it is, anything else as JSON
  std::vector<std::pair<int, int>> expected_status = {{200, 299}};
  std::chrono::seconds timeout{30};  // of all tries together
  int retries = 3;
  std::optional<bool> idempotent = {};  // by the method (RFC 9110 §9.2.2) when absent
  // A credential by name and how it is sent: "bearer", "basic" (the secret is user:password) or "header"
  // (the secret is "Name: value").
  std::string credential = {};
  std::string auth = "bearer";
};

// Where a condition leads.
struct Branch {
  enum class Kind { kContinue, kEnd, kFail, kGoto };
  Kind kind = Kind::kContinue;
  std::string slug = {};  // of a later block, with kGoto
};

struct ConditionConfig {
  std::string expression;  // CEL → bool
  Branch then;
  Branch otherwise;
};

struct TimerConfig {
  std::optional<std::chrono::seconds> duration;  // `seconds`, or
  std::optional<Time> until;
};

struct Block {
  Uuid id;
  std::string name;
  std::string slug;
  int order = 0;                     // position from 0
  bool continue_on_failure = false;  // on_failure: continue
  std::string when = {};             // CEL → bool, empty: always
  std::variant<InstructionConfig, CommandConfig, ApiConfig, ConditionConfig, TimerConfig> config;

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
// filled in (`new_id` makes ids). Fields that are not built yet are refused, and with `policy` (when it is
// saved) commands that the policy does not take.
Result<Runbook> judge_runbook(const boost::json::value& document, const std::function<Uuid()>& new_id,
                              const CommandPolicy* policy = nullptr);

// The same document with everything filled in, as it is stored and answered. judge_runbook(to_json(x)) is x.
boost::json::object to_json(const Runbook& runbook);

}  // namespace runbook::domain
