// A runbook's parameters as they are written in its document. Pure.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/json_reader.hpp"
#include "controller/domain/runbook.hpp"

namespace runbook::domain {

std::vector<Parameter> read_parameters(const boost::json::array& items, const std::string& pointer,
                                       Faults& faults);
boost::json::object to_json(const Parameter& parameter);

std::string_view to_string(ParameterType type);  // the contract's word

// Judges one value of `parameter`; false when it became a fault at `pointer`. A number without a fraction
// given for an integer becomes one.
bool judge_value(const Parameter& parameter, boost::json::value& value, const std::string& pointer,
                 Faults& faults);

}  // namespace runbook::domain
