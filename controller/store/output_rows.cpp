#include "controller/store/output_rows.hpp"

#include <algorithm>

#include "controller/domain/execution/execution_plan.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

constexpr auto kStep =
    "SELECT s.status, s.type, s.output_bytes, CASE WHEN s.type = 'api' THEN s.result END AS result "
    "FROM execution_step s JOIN execution e ON e.id = s.job_id WHERE s.id = $2 AND e.id = $1 "
    "AND reaches_execution($3, e.runbook_id, e.id)";

constexpr auto kIsThere =
    "SELECT FROM execution_step s JOIN execution e ON e.id = s.job_id WHERE s.id = $2 AND e.id = $1 "
    "AND reaches_execution($3, e.runbook_id, e.id)";

// Each host by its newest try: an older one never began.
constexpr auto kAttempts =
    "SELECT DISTINCT ON (host_index) id, agent_id, host, stdout_bytes, stdout_lines, stdout_open, "
    "stderr_bytes, stderr_lines, stderr_open FROM attempt "
    "WHERE step_id = $1 AND ($2::text IS NULL OR host = $2 OR agent_id::text = lower($2)) "
    "ORDER BY host_index, number DESC";

// Of a step whose hosts are not resolved yet: is there such a host at all?
constexpr auto kAgent =
    "SELECT count(*) FROM agent WHERE revoked_at IS NULL AND (name = $1 OR id::text = lower($1)) "
    "AND reaches_host($3, labels) "
    "AND NOT EXISTS (SELECT FROM attempt WHERE step_id = $2)";

std::string body_of(const pqxx::field& result) {
  if (result.is_null()) return {};
  const auto answer = db::json(result);
  const auto* object = answer.if_object();
  const auto* body = object == nullptr ? nullptr : object->if_contains("body");
  return body != nullptr && body->is_string() ? std::string(body->get_string()) : std::string();
}

AttemptRef attempt_ref(const pqxx::row& row) {
  return {
      db::uuid(row["id"]),
      db::uuid(row["agent_id"]),
      db::text(row["host"]),
      {StreamEnd{count(row["stdout_bytes"]), count(row["stdout_lines"]), db::boolean(row["stdout_open"])},
       StreamEnd{count(row["stderr_bytes"]), count(row["stderr_lines"]), db::boolean(row["stderr_open"])}}};
}

}  // namespace

std::uint64_t count(const pqxx::field& field) { return static_cast<std::uint64_t>(db::integer(field)); }

std::unexpected<Error> bad_output_query(std::string pointer, std::string code, std::string message) {
  auto error = Error{ErrorCode::kInvalid, message, {}};
  error.faults.push_back({std::move(pointer), std::move(code), std::move(message)});
  return std::unexpected(std::move(error));
}

bool is_there(pqxx::work& work, const OutputView& view) {
  return !db::exec(work, kIsThere, view.execution, view.step, view.reach.to_json()).empty();
}

Result<Located> locate(pqxx::work& work, const OutputView& view) {
  const auto steps = db::exec(work, kStep, view.execution, view.step, view.reach.to_json());
  if (steps.empty()) return failure(ErrorCode::kNotFound, "There is no such step.");
  Located located;
  located.step_ended = is_terminal(domain::step_status(db::text(steps[0]["status"])).value());
  if (db::text(steps[0]["type"]) == "api" && !view.host) {
    located.body = view.stream == Stream::kStderr ? "" : body_of(steps[0]["result"]);
    located.end = located.body->size();
    return located;
  }
  located.end = count(steps[0]["output_bytes"]);
  for (const auto& row : db::exec(work, kAttempts, view.step, view.host)) {
    located.attempts.push_back(attempt_ref(row));
  }
  if (view.host) {
    if (located.attempts.empty()) {
      located.later = !located.step_ended &&
                      count(db::exec(work, kAgent, view.host, view.step, view.reach.to_json())[0][0]) > 0;
      located.end = 0;
      if (located.later) return located;
      return bad_output_query("/host", "unknown_host", "The step has no such host.");
    }
    const auto other = [&](const AttemptRef& attempt) { return attempt.agent != located.attempts[0].agent; };
    if (std::ranges::any_of(located.attempts, other)) {
      return bad_output_query("/host", "ambiguous_host",
                              "Several hosts of the step have this name: use the id.");
    }
    located.end = located.attempts[0].bytes();
  }
  located.one = located.attempts.size() == 1;
  return located;
}

}  // namespace runbook::store
