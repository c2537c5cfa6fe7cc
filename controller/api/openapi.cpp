#include "controller/api/openapi.hpp"

#include <stdexcept>

#include "controller/yaml/yaml_reader.hpp"

extern "C" const char runbook_openapi_begin[];
extern "C" const char runbook_openapi_end[];
extern "C" const char runbook_schema_begin[];
extern "C" const char runbook_schema_end[];

namespace runbook::api {

boost::json::value openapi_document() {
  auto document = yaml::read(std::string(runbook_openapi_begin, runbook_openapi_end));
  if (!document) throw std::logic_error("openapi.yaml: " + document.error().message);
  return std::move(document->value);
}

std::string runbook_schema_text() { return {runbook_schema_begin, runbook_schema_end}; }

}  // namespace runbook::api
