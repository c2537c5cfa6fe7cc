#include "controller/domain/execution/state_json.hpp"
#include "controller/store/execution_rows.hpp"
#include "db/parameters.hpp"

namespace runbook::store {

std::optional<int> small(const pqxx::field& field) {
  const auto number = db::optional_integer(field);
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

void read_step(const pqxx::row& row, domain::StepState& step) {
  step.id = db::uuid(row["id"]);
  step.attempt = static_cast<int>(db::integer(row["attempt"]));
  step.status = domain::step_status(db::text(row["status"])).value();
  if (const auto cause = db::optional_text(row["skip_cause"])) step.skip_cause = domain::skip_cause(*cause);
  step.reason = db::optional_text(row["reason"]).value_or("");
  step.exit_code = small(row["exit_code"]);
  step.note = db::optional_text(row["note"]).value_or("");
  step.completed_by = db::optional_uuid(row["completed_by"]);
  step.completed_by_name = db::optional_text(row["completed_by_name"]).value_or("");
  step.output_bytes = static_cast<std::uint64_t>(db::integer(row["output_bytes"]));
  step.start_time = db::optional_time(row["timestamp"]);
  step.end_time = db::optional_time(row["end_time"]);
  if (!row["approval"].is_null()) step.approval = domain::approval_from_json(db::json(row["approval"]));
  step.due = db::optional_time(row["due"]);
  step.tries = domain::tries_from_json(db::json(row["tries"]));
  if (!row["frozen"].is_null()) step.frozen = db::json(row["frozen"]).as_object();
  if (!row["result"].is_null()) step.result = db::json(row["result"]);
}

}  // namespace runbook::store
