// A step and its hosts as people and tools see them (CONTRACT §3): one form for REST answers and live events.
// Pure.
#pragma once

#include <boost/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include "controller/domain/execution/execution_state.hpp"

namespace runbook::domain {

// What a waiting command would run, and where: at most limits::kInlineHosts hosts and, beyond the first, this
// much text, which all hosts have in common but for their names.
inline constexpr std::size_t kShownCommandBytes = 256 * 1024;

// Everything but `output` and `hosts`. `host_counts`: hosts by the state of their newest try.
boost::json::object step_view(const Uuid& execution, const StepState& step, boost::json::object host_counts);

// The step's approval with what it is about; null where nothing is to be approved.
boost::json::value approval_view(const StepState& step);

// One host by its newest try; `status` as it is shown.
boost::json::object host_view(const AttemptState& attempt, std::string_view status);

// The body of an API step's answer, empty when there is none.
std::string_view response_body(const StepState& step);

}  // namespace runbook::domain
