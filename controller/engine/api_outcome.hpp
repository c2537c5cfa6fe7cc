// What an HTTP answer means for an API step: whether it is what the block expects, whether another try may
// help, and what later steps see of it. Pure; reads up to 1 MiB of JSON, so it belongs on a blocking thread.
#pragma once

#include <optional>
#include <string_view>

#include "controller/domain/circuit_breaker.hpp"
#include "controller/domain/execution/execution_plan.hpp"
#include "controller/engine/http_request.hpp"
#include "protocol/messages/masker.hpp"

namespace runbook::engine {

// Masks what came back of a request's secrets, in an answer and in what was read from it: a value that was
// escaped in JSON is plain only then.
void mask(HttpAnswer& answer, const Masker& masker);
void mask(domain::ApiOutcome& outcome, const Masker& masker);

// Without jitter.
domain::ApiOutcome api_outcome(const HttpAnswer& answer, const domain::ApiConfig& config, Time now);

// Retry-After (RFC 9110 §10.2.3): seconds or an HTTP date; nothing for what is neither.
std::optional<Time> retry_after(std::string_view value, Time now);

domain::CircuitEvent circuit_event(const HttpAnswer& answer, const domain::ApiConfig& config);

// The label of metrics: success, unexpected, no_answer, refused, given_up.
std::string_view result_label(const HttpAnswer& answer, const domain::ApiOutcome& outcome);

}  // namespace runbook::engine
