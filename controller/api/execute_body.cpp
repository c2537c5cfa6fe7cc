#include "controller/api/execute_body.hpp"

#include <fmt/format.h>

#include <utility>

#include "controller/domain/slug.hpp"
#include "controller/domain/targets.hpp"

namespace runbook::api {

namespace {

std::optional<std::string> read_slug(domain::ObjectReader& reader, std::string_view name) {
  auto slug = reader.text(name, {.max_bytes = limits::kSlugBytes, .not_empty = false});
  if (slug && !domain::is_slug(*slug)) {
    reader.fault(name, domain::fault::kBadValue, fmt::format("{} must be the slug of a block.", name));
    return std::nullopt;
  }
  return slug;
}

void read_steps(domain::ObjectReader& body, engine::ExecuteRequest& request) {
  const auto* value = body.nullable("steps");
  if (value == nullptr) return;
  domain::ObjectReader steps(*value, body.pointer("steps"), body.faults());
  request.from = read_slug(steps, "from");
  request.to = read_slug(steps, "to");
  steps.refuse_unknown();
}

}  // namespace

void read_what_to_run(domain::ObjectReader& body, engine::ExecuteRequest& request) {
  if (const auto* parameters = body.nullable("parameters")) {
    if (parameters->is_object()) {
      request.parameters = parameters->get_object();
    } else {
      body.fault("parameters", domain::fault::kWrongType, "parameters must be an object.");
    }
  }
  if (const auto* targets = body.nullable("targets")) {
    auto read =
        domain::read_targets(*targets, body.pointer("targets"), domain::Need::kOptional, body.faults());
    request.targets = std::move(read).value_or(domain::Targets{});
  }
  read_steps(body, request);
}

}  // namespace runbook::api
