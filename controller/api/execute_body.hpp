// What executions and dry runs are asked with alike. Pure.
#pragma once

#include "controller/domain/json_reader.hpp"
#include "controller/engine/engine.hpp"

namespace runbook::api {

// `parameters`, `targets` and `steps` of `body`.
void read_what_to_run(domain::ObjectReader& body, engine::ExecuteRequest& request);

}  // namespace runbook::api
