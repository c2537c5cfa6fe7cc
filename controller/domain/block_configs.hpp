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
boost::json::object to_json(const InstructionConfig& config);
boost::json::object to_json(const CommandConfig& config);

// "${{ … }}" is refused until expressions exist: taken as plain text it would reach a shell.
bool refuse_substitution(std::string_view text, const std::string& pointer, Faults& faults);

}  // namespace runbook::domain
