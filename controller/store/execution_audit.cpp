#include "controller/store/execution_audit.hpp"

#include <algorithm>
#include <utility>

#include "controller/domain/targets.hpp"

namespace runbook::store {

namespace json = boost::json;

namespace {

std::optional<std::string> not_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

AuditEvent about(const LoadedExecution& loaded, std::string_view action) {
  AuditEvent event{.action = action, .object_type = "execution", .object_id = loaded.state.id};
  event.object_name = loaded.title;
  return event;
}

json::value word(auto status) { return json::value(to_string(status)); }

// Of a control that is about one step: its status, by its slug.
struct Told {
  const LoadedExecution& loaded;
  const domain::Changes& changes;

  AuditEvent of_step(std::string_view action, const Uuid& id, std::optional<std::string> reason) const {
    auto event = of_execution(action);
    event.reason = std::move(reason);
    const auto& steps = loaded.state.steps;
    const auto step = std::ranges::find(steps, id, &domain::StepState::id);
    if (step == steps.end()) return event;
    const auto was = changes.steps_were.find(static_cast<std::size_t>(step - steps.begin()));
    if (was != changes.steps_were.end())
      event.add_change(step->block.slug + ".status", word(was->second), word(step->status));
    return event;
  }

  AuditEvent of_execution(std::string_view action) const {
    auto event = about(loaded, action);
    if (changes.execution_was)
      event.add_change("status", word(*changes.execution_was), word(loaded.state.status));
    return event;
  }

  AuditEvent operator()(const domain::Pause&) const { return of_execution("execution.pause"); }
  AuditEvent operator()(const domain::Resume&) const { return of_execution("execution.resume"); }
  AuditEvent operator()(const domain::Stop&) const {
    auto event = of_execution("execution.stop");
    event.add_change("stop_requested", changes.stop_was_requested, true);
    return event;
  }
  AuditEvent operator()(const domain::Approve& done) const {
    auto event = of_step("approval.approve", done.step, not_empty(done.note));
    const auto step = std::ranges::find(loaded.state.steps, done.step, &domain::StepState::id);
    if (step != loaded.state.steps.end())
      event.add_change(step->block.slug + ".digest", nullptr, json::value(done.digest));
    return event;
  }
  AuditEvent operator()(const domain::Reject& done) const {
    return of_step("approval.reject", done.step, done.reason);
  }
  AuditEvent operator()(const domain::Complete& done) const {
    return of_step("step.complete", done.step, not_empty(done.note));
  }
  AuditEvent operator()(const domain::Skip& done) const {
    return of_step("step.skip", done.step, not_empty(done.reason));
  }
  AuditEvent operator()(const domain::Retry& done) const {
    auto event = of_execution("step.retry");
    for (const auto index : changes.new_steps) {
      const auto& step = loaded.state.steps[index];
      event.add_change(step.block.slug + ".attempt", step.attempt - 1, step.attempt);
    }
    if (!done.hosts.empty()) event.add_change("hosts", nullptr, json::value_from(done.hosts));
    return event;
  }
};

}  // namespace

// Parameters are left out: some are secret.
AuditEvent execution_start(const NewExecution& created) {
  auto event = about(created.loaded, "execution.start");
  event.reason = not_empty(created.loaded.reason);
  event.add_change("runbook_id", nullptr, json::value(created.loaded.runbook.str()))
      .add_change("version_number", nullptr, created.loaded.version_number)
      .add_change("approval", nullptr, json::value(created.approval))
      .add_change("steps", nullptr, created.steps);
  if (!created.loaded.targets.empty())
    event.add_change("targets", nullptr, domain::to_json(created.loaded.targets));
  return event;
}

AuditEvent execution_control(const LoadedExecution& loaded, const domain::Control& control,
                             const domain::Changes& changes) {
  return std::visit(Told{loaded, changes}, control);
}

}  // namespace runbook::store
