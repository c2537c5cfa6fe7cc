#include "controller/engine/dispatch_refusals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace runbook::engine {
namespace {

namespace json = boost::json;

constexpr std::string_view kAction = "dispatch.refused";
constexpr std::array<std::string_view, 5> kCodes = {"policy", "bad_signature", "bad_digest", "replayed",
                                                    "expired"};

store::AuditEvent about(std::string_view type, const Uuid& id) {
  store::AuditEvent event{.action = kAction, .object_type = type, .object_id = id};
  event.result = store::AuditResult::kRefused;
  return event;
}

}  // namespace

bool is_told_of(std::string_view code) { return std::ranges::find(kCodes, code) != kCodes.end(); }

void DispatchRefusals::add(const OpenAttempt& attempt, const std::string& code, const std::string& reason) {
  auto& refusals = refusals_[{attempt.execution, attempt.step, code}];
  if (refusals.hosts.empty()) refusals.reason = reason;
  refusals.hosts.push_back(attempt.host);
}

std::vector<store::AuditEvent> DispatchRefusals::events() const {
  std::vector<store::AuditEvent> events;
  for (const auto& [key, refusals] : refusals_) {
    auto event = about("execution", std::get<0>(key));
    event.reason = refusals.reason;
    event.add_change("step", nullptr, json::value(std::get<1>(key).str()))
        .add_change("code", nullptr, json::value(std::get<2>(key)))
        .add_change("hosts", nullptr, json::value_from(refusals.hosts));
    events.push_back(std::move(event));
  }
  return events;
}

store::AuditEvent stray_refusal(const Uuid& agent, const Refused& message) {
  auto event = about("agent", agent);
  event.reason = fmt::format("{}: {}", message.code, message.reason);
  event.add_change("attempt", nullptr, json::value(message.attempt.str()));
  return event;
}

store::AuditEvent step_refusal(const Uuid& execution, const Uuid& step, const std::string& reason) {
  auto event = about("execution", execution);
  event.reason = reason;
  event.add_change("step", nullptr, json::value(step.str()));
  return event;
}

}  // namespace runbook::engine
