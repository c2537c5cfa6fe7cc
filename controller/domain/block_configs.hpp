// The `config` of each block type: read from a document and written back. Pure.
#pragma once

#include <boost/json.hpp>

#include <string>

#include "controller/domain/json_reader.hpp"
#include "controller/domain/runbook.hpp"

namespace runbook::domain {

InstructionConfig read_instruction(const boost::json::value& value, const std::string& pointer,
                                   Faults& faults);
CommandConfig read_command(const boost::json::value& value, const std::string& pointer, Faults& faults);
ApiConfig read_api(const boost::json::value& value, const std::string& pointer, Faults& faults);
ConditionConfig read_condition(const boost::json::value& value, const std::string& pointer, Faults& faults);
TimerConfig read_timer(const boost::json::value& value, const std::string& pointer, Faults& faults);

boost::json::object to_json(const InstructionConfig& config);
boost::json::object to_json(const CommandConfig& config);
boost::json::object to_json(const ApiConfig& config);
boost::json::object to_json(const ConditionConfig& config);
boost::json::object to_json(const TimerConfig& config);

}  // namespace runbook::domain
