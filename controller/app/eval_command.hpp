// `eval`: one expression over the variables of a file, to try out conditions and substitutions (CONTRACT §5).
// Needs no database, key or configuration.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace runbook::app {

struct EvalOrder {
  std::string expression;
  std::string context;  // a file; none when empty
};

// Prints the value as JSON and answers 0; or the error with its position on standard error, and 1.
int run_eval(const EvalOrder& order);

// The variables of a context file: a JSON object, in which NaN, Infinity and -Infinity are numbers too.
// Throws SettingsError, in words about `file`, for anything else.
boost::json::object variables_of(std::string_view text, const std::string& file);

}  // namespace runbook::app
