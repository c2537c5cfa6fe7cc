#include "controller/store/object_lookup.hpp"

#include <utility>

#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {

namespace {

const char* statement(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kNone: break;
    case ObjectKind::kRunbook:
      return "SELECT FROM runbook WHERE id = $1 AND deleted_at IS NULL AND reaches_runbook($2, labels)";
    case ObjectKind::kVersion:
      return "SELECT FROM runbook_version v JOIN runbook r ON r.id = v.runbook_id "
             "WHERE r.id = $1 AND v.id = $2 AND r.deleted_at IS NULL AND reaches_runbook($3, r.labels)";
    case ObjectKind::kExecution:
      return "SELECT FROM execution WHERE id = $1 AND reaches_execution($2, runbook_id, id)";
    case ObjectKind::kStep:
      return "SELECT FROM execution_step s JOIN execution e ON e.id = s.job_id "
             "WHERE e.id = $1 AND s.id = $2 AND reaches_execution($3, e.runbook_id, e.id)";
    case ObjectKind::kAgent: return "SELECT FROM agent WHERE id = $1 AND reaches_host($2, labels)";
    case ObjectKind::kEnrollmentToken:
      return "SELECT FROM enrollment_token WHERE id = $1 AND jsonb_typeof($2::jsonb) = 'null'";
    case ObjectKind::kApiKey: return "SELECT FROM api_key WHERE id = $1 AND jsonb_typeof($2::jsonb) = 'null'";
    case ObjectKind::kCredential:
      return "SELECT FROM credential WHERE id = $1 AND jsonb_typeof($2::jsonb) = 'null'";
  }
  return "SELECT";
}

constexpr auto kStarted =
    "SELECT FROM execution e JOIN runbook r ON r.id = e.runbook_id "
    "WHERE e.id = $1 AND e.requested_by = $2 AND reaches_runbook($3, r.labels)";

}  // namespace

boost::asio::awaitable<bool> ObjectLookup::exists(ObjectKind kind, std::vector<Uuid> ids,
                                                  domain::Reach reach) {
  if (kind == ObjectKind::kNone) co_return true;
  auto read = [kind, ids = std::move(ids), reach = reach.to_json()](pqxx::work& work) {
    db::Parameters parameters;
    for (const auto& id : ids) parameters.add(id);
    parameters.add(reach);
    return !db::exec(work, statement(kind), std::move(parameters)).empty();
  };
  co_return co_await database_.transact("object.exists", std::move(read));
}

boost::asio::awaitable<bool> ObjectLookup::started(Uuid execution, Uuid person, domain::Reach reach) {
  auto read = [execution, person, reach = reach.to_json()](pqxx::work& work) {
    return !db::exec(work, kStarted, execution, person, reach).empty();
  };
  co_return co_await database_.transact("object.started", std::move(read));
}

}  // namespace runbook::store
