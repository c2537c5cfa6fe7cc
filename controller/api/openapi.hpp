// openapi.yaml and runbook.schema.json, which are embedded in the program. Pure.
#pragma once

#include <boost/json.hpp>

#include <string>

namespace runbook::api {

boost::json::value openapi_document();

// JSON Schema (draft 2020-12) of a runbook's document, as its file has it.
std::string runbook_schema_text();

}  // namespace runbook::api
