// Parameter values of one execution: checked against the runbook's parameters, defaults filled in. Pure.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::domain {

// What stands where a secret is not shown.
inline constexpr std::string_view kShownSecret = "\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022";

// A value as commands get it: strings as they are, the rest as in JSON.
std::string parameter_text(const boost::json::value& value);

// `given` as in POST /runbooks/{id}/execute; faults point below /parameters. Unknown names are faults.
Result<boost::json::object> judge_parameters(const std::vector<Parameter>& parameters,
                                             const boost::json::object& given);

// RUNBOOK_PARAM_<NAME> of every value: strings as they are, numbers and booleans as in JSON; unset ones are
// absent.
std::map<std::string, std::string> parameter_environment(const boost::json::object& values);

// "RUNBOOK_PARAM_" etc. need a name's environment spelling: upper case, other characters become '_'.
std::string environment_name(std::string_view name);

}  // namespace runbook::domain
