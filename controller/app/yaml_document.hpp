// A YAML document as JSON: YAML 1.2 core schema, one document, maps with text keys, no aliases. Pure.
#pragma once

#include <boost/json.hpp>

#include <string>

#include "protocol/messages/result.hpp"

namespace runbook::app {

// kMalformed with the line for text that is no YAML or has no JSON form.
Result<boost::json::value> yaml_to_json(const std::string& text);

}  // namespace runbook::app
