// Preparing a step: its expressions evaluated and its substitutions made, once, when it begins (CONTRACT §1).
// What comes out is frozen with the step, so that a restart or a late result changes nothing. Pure; may take
// milliseconds, so it belongs on the blocking pool.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::domain {

// Which results of earlier steps a block's `when`, condition and substitutions may look at: slugs, or all of
// them when one is computed.
struct NeededSteps {
  bool all = false;
  std::set<std::string> slugs;
};
NeededSteps needed_steps(const Block& block);

// {"params": …, "steps": {slug: …}, "execution": …} as expressions see them.
using Variables = boost::json::object;

// False when the block's `when` says so; true without one. kInvalid with the position for an error.
Result<bool> applies(const Block& block, const Variables& variables);

// The instruction's Markdown with its values in place.
Result<std::string> instruction_text(const InstructionConfig& config, const Variables& variables);

// A command as it runs: placeholders in its text became "$RUNBOOK_VALUE_<n>", whose values stand in
// `environment` beside the block's own variables.
struct CommandText {
  std::string script;                              // empty with argv
  std::map<std::string, std::string> values;       // RUNBOOK_VALUE_<n> → text
  std::map<std::string, std::string> environment;  // the block's own, with their values in place
};
Result<CommandText> command_text(const CommandConfig& config, const Variables& variables);

// A request with every value in place.
struct ApiRequest {
  std::string method;
  std::string url;  // with the query
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool repeatable = false;  // an idempotent method or flag, or an Idempotency-Key header
  // Filled in when it is sent and never stored: the header of its credential, which no other origin gets to
  // see, and what is masked in the answer.
  std::optional<std::pair<std::string, std::string>> credential = {};
  std::vector<std::string> secrets = {};
};
Result<ApiRequest> api_request(const ApiConfig& config, const Variables& variables);
boost::json::object to_json(const ApiRequest& request);
ApiRequest api_request_from_json(const boost::json::object& frozen);

// A condition's value.
Result<bool> condition(const ConditionConfig& config, const Variables& variables);

bool is_expected(const ApiConfig& config, int status);

}  // namespace runbook::domain
