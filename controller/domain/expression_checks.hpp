// What is checked of a runbook's expressions and placeholders when it is saved: that they parse, that they
// stand where their value can be put in safely, and that the steps and parameters they name exist. Pure.
#pragma once

#include <string>
#include <vector>

#include "controller/domain/json_reader.hpp"
#include "controller/domain/runbook.hpp"

namespace runbook::domain {

// `pointers[i]` is where `blocks[i]` stands in the document. Messages begin with line and column of the text.
void judge_expressions(const std::vector<Block>& blocks, const std::vector<std::string>& pointers,
                       const std::vector<Parameter>& parameters, Faults& faults);

}  // namespace runbook::domain
