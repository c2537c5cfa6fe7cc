#include "tests/unit/engine/control_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "controller/domain/execution/execution_plan.hpp"

namespace runbook::testing {

using namespace domain;

ControlModel ControlModel::of(const ExecutionState& state, Time now) {
  ControlModel model;
  model.status = to_string(state.status);
  model.stop = state.stop_requested_at.has_value();
  model.starter = state.requested_by;
  model.rows = static_cast<int>(state.steps.size());
  std::map<int, int> newest;
  for (const auto& row : state.steps)
    newest[row.block.order] = std::max(newest[row.block.order], row.attempt);
  for (const auto& row : state.steps) {
    auto& step = model.steps[row.id];
    step.type = row.block.type();
    step.status = to_string(row.status);
    step.cause = row.skip_cause ? to_string(*row.skip_cause) : "";
    step.order = row.block.order;
    step.newest = newest[row.block.order] == row.attempt;
    std::map<Uuid, AttemptStatus> hosts;
    for (const auto& attempt : row.attempts) hosts[attempt.agent] = attempt.status;
    step.none_failed = !hosts.empty() && std::ranges::all_of(hosts, [](const auto& host) {
      return host.second == AttemptStatus::kSuccess;
    });
    if (!row.approval) continue;
    step.digest = row.approval->digest;
    step.required = static_cast<std::size_t>(row.approval->required);
    step.expired = now >= row.approval->expires_at;
    for (const auto& given : row.approval->given) step.approvers.insert(given.person);
    if (row.approval->other_person) step.barred = {state.requested_by, state.author};
  }
  return model;
}

ControlModel::Step* ControlModel::find(const Uuid& id) {
  const auto found = steps.find(id);
  return found == steps.end() ? nullptr : &found->second;
}

void ControlModel::stop_here(Step& step) {
  step.status = "stopped";
  status = "stopped";
  for (auto& [id, other] : steps) {
    if (other.status != "pending") continue;
    other.status = "skipped";
    other.cause = "stop";
  }
}

std::optional<ErrorCode> ControlModel::apply(const Control& control, const Actor& actor) {
  if (std::holds_alternative<Stop>(control)) {
    if (!open()) return ErrorCode::kConflict;
    stop = true;  // also the second time
    return std::nullopt;
  }
  const bool pause = std::holds_alternative<Pause>(control);
  if (pause || std::holds_alternative<domain::Resume>(control)) {
    if (!open() || stop || (status == "paused") == pause) return ErrorCode::kConflict;
    status = pause ? "paused" : "running";
    return std::nullopt;
  }
  const auto id = std::visit(
      [](const auto& one) {
        if constexpr (requires { one.step; }) return one.step;
        return Uuid{};
      },
      control);
  const bool approves = std::holds_alternative<Approve>(control) || std::holds_alternative<Reject>(control);
  if (approves && !actor.may_approve_any && actor.person != starter) return ErrorCode::kForbidden;
  auto* step = find(id);
  if (step == nullptr) return ErrorCode::kNotFound;
  return on_step(control, actor, *step, id);
}

std::optional<ErrorCode> ControlModel::on_step(const Control& control, const Actor& actor, Step& step,
                                               const Uuid& /*id*/) {
  if (std::holds_alternative<Retry>(control)) {
    const bool failed = step.status == "error" || step.status == "unknown";
    if (status != "failed" || stop || !failed || !step.newest || step.none_failed)
      return ErrorCode::kConflict;
    status = "running";
    ++rows;
    step.newest = false;
    for (auto& [other_id, other] : steps) {
      if (other.order <= step.order || !other.newest || other.cause != "failure") continue;
      other.status = "pending";
      other.cause.clear();
    }
    return std::nullopt;
  }
  if (!open() || stop) return ErrorCode::kConflict;
  if (const auto* approve = std::get_if<Approve>(&control)) {
    if (step.status != "awaiting_approval") return ErrorCode::kConflict;
    if (step.barred.contains(actor.person)) return ErrorCode::kForbidden;
    const bool complete = step.approvers.size() >= step.required;
    if (approve->digest != step.digest || complete || step.expired) return ErrorCode::kConflict;
    if (!step.approvers.insert(actor.person).second) return ErrorCode::kConflict;
    return std::nullopt;
  }
  if (std::holds_alternative<Reject>(control)) {
    if (step.status != "awaiting_approval") return ErrorCode::kConflict;
    stop_here(step);
    return std::nullopt;
  }
  if (std::holds_alternative<Complete>(control)) {
    if (step.status != "awaiting_input") return ErrorCode::kConflict;
    step.status = "success";
    return std::nullopt;
  }
  const bool waits = step.status == "pending" || step.status.starts_with("awaiting_");
  if (!waits && !(step.status == "running" && step.type == "timer")) return ErrorCode::kConflict;
  step.status = "skipped";
  step.cause = "person";
  return std::nullopt;
}

std::string ControlModel::difference(const ControlModel& other) const {
  if (status != other.status) return fmt::format("{} / {}", status, other.status);
  if (stop != other.stop) return "the stop";
  if (rows != other.rows) return "the rows";
  for (const auto& [id, step] : steps) {
    const auto found = other.steps.find(id);
    if (found == other.steps.end()) return "a step vanished";
    if (step.status != found->second.status || step.cause != found->second.cause)
      return fmt::format("step {}: {} / {}", step.order, step.status, found->second.status);
    if (step.approvers != found->second.approvers) return "who approved";
    if (step.newest != found->second.newest) return "which row is the newest";
  }
  return {};
}

}  // namespace runbook::testing
