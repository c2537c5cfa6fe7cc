// Reading and writing of targets and labels inside documents; used by runbooks, executions and agents. Pure.
#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "controller/domain/json_reader.hpp"
#include "controller/domain/runbook.hpp"

namespace runbook::domain {

// {"selector", "hosts"}; a wrong selector's message names the character. Nothing when it became a fault.
// At least one host or requirement must be there when `need` is kRequired.
std::optional<Targets> read_targets(const boost::json::value& value, const std::string& pointer, Need need,
                                    Faults& faults);
boost::json::object to_json(const Targets& targets);

// {"key": "value"} by Kubernetes' rules. Wrong ones become faults and are left out.
Labels read_labels(const boost::json::value& value, const std::string& pointer, Faults& faults);
boost::json::object to_json(const Labels& labels);

}  // namespace runbook::domain
