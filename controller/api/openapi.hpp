// openapi.yaml, which is embedded in the program, as JSON. Pure.
#pragma once

#include <boost/json.hpp>

namespace runbook::api {

boost::json::value openapi_document();

}  // namespace runbook::api
