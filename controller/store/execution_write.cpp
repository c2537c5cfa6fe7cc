#include "controller/store/execution_rows.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

constexpr auto kAdvanceSteps =
    "UPDATE execution_step s SET status = v.status, skip_cause = NULLIF(v.skip_cause, ''), "
    "reason = NULLIF(v.reason, ''), exit_code = NULLIF(v.exit_code, '')::integer, "
    "note = NULLIF(v.note, ''), completed_by = NULLIF(v.completed_by, '')::uuid, "
    "\"timestamp\" = NULLIF(v.started, '')::timestamptz, end_time = NULLIF(v.ended, '')::timestamptz, "
    "due = NULLIF(v.due, '')::timestamptz, repeatable = v.repeatable = 'true', "
    "approval = NULLIF(v.approval, '')::json, tries = v.tries::json, frozen = v.frozen::json, "
    "result = NULLIF(v.result, '')::json "
    "FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], "
    "$9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], "
    "$17::text[]) AS v(id, was, status, skip_cause, reason, exit_code, note, completed_by, started, ended, "
    "due, repeatable, approval, tries, frozen, result) "
    "WHERE s.id = v.id AND s.job_id = $1 AND s.status = v.was";

constexpr auto kNewSteps =
    "INSERT INTO execution_step (job_id, id, status, skip_cause, reason, block_id, slug, name, type, "
    "\"order\", attempt, \"timestamp\", end_time, approval, repeatable, frozen) "
    "SELECT $1, v.id, v.status, NULLIF(v.skip_cause, ''), NULLIF(v.reason, ''), v.block, v.slug, v.name, "
    "v.type, v.position, v.attempt, NULLIF(v.started, '')::timestamptz, NULLIF(v.ended, '')::timestamptz, "
    "NULLIF(v.approval, '')::json, v.repeatable = 'true', v.frozen::json "
    "FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[], "
    "$9::text[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[], "
    "$16::text[]) AS v(id, status, skip_cause, reason, block, slug, name, type, position, attempt, started, "
    "ended, approval, repeatable, frozen)";

constexpr auto kAdvanceAttempts =
    "UPDATE attempt a SET status = v.status, "
    "incarnation = COALESCE(NULLIF(v.incarnation, '')::uuid, a.incarnation), "
    "reason = NULLIF(v.reason, ''), dispatched_at = NULLIF(v.dispatched, '')::timestamptz, "
    "end_time = NULLIF(v.ended, '')::timestamptz "
    "FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) "
    "AS v(id, was, status, incarnation, reason, dispatched, ended) "
    "WHERE a.id = v.id AND a.job_id = $1 AND a.status = v.was";

constexpr auto kNewAttempts =
    "INSERT INTO attempt (job_id, id, step_id, agent_id, host, host_index, number, labels, status, "
    "incarnation, reason, dispatched_at, end_time) "
    "SELECT $1, v.id, v.step, v.agent, v.host, v.host_index, v.number, v.labels::json, v.status, "
    "NULLIF(v.incarnation, '')::uuid, NULLIF(v.reason, ''), NULLIF(v.dispatched, '')::timestamptz, "
    "NULLIF(v.ended, '')::timestamptz "
    "FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], "
    "$9::text[], $10::text[], $11::text[], $12::text[], $13::text[]) "
    "AS v(id, step, agent, host, host_index, number, labels, status, incarnation, reason, dispatched, "
    "ended)";

using Texts = std::vector<std::string>;

std::string spelled(const std::optional<Time>& time) { return time ? rfc3339(*time) : std::string{}; }
std::string spelled(const std::optional<Uuid>& id) { return id ? id->str() : std::string{}; }
std::string spelled(const std::optional<int>& number) {
  return number ? std::to_string(*number) : std::string{};
}
std::string spelled(bool value) { return value ? "true" : "false"; }
std::string spelled(const std::optional<domain::SkipCause>& cause) {
  return cause ? std::string(to_string(*cause)) : std::string{};
}

template <class Status>
std::string word(Status status) {
  return std::string(to_string(status));
}

bool advance_steps(pqxx::work& work, const Uuid& execution,
                   const std::vector<ExecutionChanges::Step>& steps) {
  if (steps.empty()) return true;
  std::vector<Uuid> ids;
  Texts was, status, cause, reason, exit_code, note, by, started, ended, due, repeatable, approval, tries,
      frozen, result;
  for (const auto& step : steps) {
    ids.push_back(step.id);
    was.push_back(word(step.was));
    status.push_back(word(step.status));
    cause.push_back(spelled(step.skip_cause));
    reason.push_back(step.reason);
    exit_code.push_back(spelled(step.exit_code));
    note.push_back(step.note);
    by.push_back(spelled(step.completed_by));
    started.push_back(spelled(step.start_time));
    ended.push_back(spelled(step.end_time));
    due.push_back(spelled(step.due));
    repeatable.push_back(spelled(step.repeatable));
    approval.push_back(step.approval);
    tries.push_back(step.tries);
    frozen.push_back(step.frozen);
    result.push_back(step.result);
  }
  const auto done = db::exec(work, kAdvanceSteps, execution, ids, was, status, cause, reason, exit_code, note,
                             by, started, ended, due, repeatable, approval, tries, frozen, result);
  return static_cast<std::size_t>(done.affected_rows()) == steps.size();
}

void insert_steps(pqxx::work& work, const Uuid& execution,
                  const std::vector<ExecutionChanges::NewStep>& steps) {
  if (steps.empty()) return;
  std::vector<Uuid> ids, blocks;
  Texts status, cause, reason, slug, name, type, started, ended, approval, repeatable, frozen;
  std::vector<std::int64_t> positions, attempts;
  for (const auto& [step, block, step_slug, step_name, step_type, order, attempt] : steps) {
    ids.push_back(step.id);
    status.push_back(word(step.status));
    cause.push_back(spelled(step.skip_cause));
    reason.push_back(step.reason);
    blocks.push_back(block);
    slug.push_back(step_slug);
    name.push_back(step_name);
    type.push_back(step_type);
    positions.push_back(order);
    attempts.push_back(attempt);
    started.push_back(spelled(step.start_time));
    ended.push_back(spelled(step.end_time));
    approval.push_back(step.approval);
    repeatable.push_back(spelled(step.repeatable));
    frozen.push_back(step.frozen);
  }
  db::exec(work, kNewSteps, execution, ids, status, cause, reason, blocks, slug, name, type, positions,
           attempts, started, ended, approval, repeatable, frozen);
}

bool advance_attempts(pqxx::work& work, const Uuid& execution,
                      const std::vector<ExecutionChanges::Attempt>& attempts) {
  if (attempts.empty()) return true;
  std::vector<Uuid> ids;
  Texts was, status, incarnation, reason, dispatched, ended;
  for (const auto& attempt : attempts) {
    ids.push_back(attempt.id);
    was.push_back(word(attempt.was));
    status.push_back(word(attempt.status));
    incarnation.push_back(spelled(attempt.incarnation));
    reason.push_back(attempt.reason);
    dispatched.push_back(spelled(attempt.dispatched_at));
    ended.push_back(spelled(attempt.end_time));
  }
  const auto done =
      db::exec(work, kAdvanceAttempts, execution, ids, was, status, incarnation, reason, dispatched, ended);
  return static_cast<std::size_t>(done.affected_rows()) == attempts.size();
}

void insert_attempts(pqxx::work& work, const Uuid& execution,
                     const std::vector<ExecutionChanges::NewAttempt>& attempts) {
  if (attempts.empty()) return;
  std::vector<Uuid> ids, steps, agents;
  std::vector<std::int64_t> indices, numbers;
  Texts hosts, labels, status, incarnation, reason, dispatched, ended;
  for (const auto& [attempt, step, agent, host, host_index, number, host_labels] : attempts) {
    ids.push_back(attempt.id);
    steps.push_back(step);
    agents.push_back(agent);
    hosts.push_back(host);
    indices.push_back(host_index);
    numbers.push_back(number);
    labels.push_back(host_labels);
    status.push_back(word(attempt.status));
    incarnation.push_back(spelled(attempt.incarnation));
    reason.push_back(attempt.reason);
    dispatched.push_back(spelled(attempt.dispatched_at));
    ended.push_back(spelled(attempt.end_time));
  }
  db::exec(work, kNewAttempts, execution, ids, steps, agents, hosts, indices, numbers, labels, status,
           incarnation, reason, dispatched, ended);
}

}  // namespace

// Steps before attempts: the order in which every transaction locks them.
bool store_rows(pqxx::work& work, const ExecutionChanges& changes) {
  if (!advance_steps(work, changes.execution, changes.steps)) return false;
  insert_steps(work, changes.execution, changes.new_steps);
  if (!advance_attempts(work, changes.execution, changes.attempts)) return false;
  insert_attempts(work, changes.execution, changes.new_attempts);
  return true;
}

}  // namespace runbook::store
