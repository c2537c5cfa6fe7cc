#include "controller/store/object_lookup.hpp"

#include <utility>

#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {

namespace {

const char* statement(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kNone: break;
    case ObjectKind::kRunbook: return "SELECT FROM runbook WHERE id = $1 AND deleted_at IS NULL";
    case ObjectKind::kVersion:
      return "SELECT FROM runbook_version v JOIN runbook r ON r.id = v.runbook_id "
             "WHERE r.id = $1 AND v.id = $2 AND r.deleted_at IS NULL";
    case ObjectKind::kExecution: return "SELECT FROM execution WHERE id = $1";
    case ObjectKind::kStep: return "SELECT FROM execution_step WHERE job_id = $1 AND id = $2";
    case ObjectKind::kAgent: return "SELECT FROM agent WHERE id = $1";
    case ObjectKind::kEnrollmentToken: return "SELECT FROM enrollment_token WHERE id = $1";
    case ObjectKind::kApiKey: return "SELECT FROM api_key WHERE id = $1";
    case ObjectKind::kCredential: return "SELECT FROM credential WHERE id = $1";
  }
  return "SELECT";
}

}  // namespace

boost::asio::awaitable<bool> ObjectLookup::exists(ObjectKind kind, std::vector<Uuid> ids) {
  if (kind == ObjectKind::kNone) co_return true;
  auto read = [kind, ids = std::move(ids)](pqxx::work& work) {
    db::Parameters parameters;
    for (const auto& id : ids) parameters.add(id);
    return !db::exec(work, statement(kind), std::move(parameters)).empty();
  };
  co_return co_await database_.transact("object.exists", std::move(read));
}

}  // namespace runbook::store
