#include "controller/store/draft_store.hpp"

#include <utility>

#include "controller/store/runbook_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr auto kRunbook =
    "SELECT FROM runbook WHERE id = $1 AND deleted_at IS NULL AND reaches_runbook($2, labels)";
// Shared with other drafts; keeps a deletion of the runbook from coming between.
constexpr auto kLockRunbook =
    "SELECT version_number FROM runbook WHERE id = $1 AND deleted_at IS NULL "
    "AND reaches_runbook($2, labels) FOR SHARE";
constexpr auto kSelect =
    "SELECT base_version_number, yaml, updated_at FROM runbook_draft WHERE runbook_id = $1 AND person_id = "
    "$2";
constexpr auto kSave =
    "INSERT INTO runbook_draft (runbook_id, person_id, base_version_number, yaml) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (runbook_id, person_id) DO UPDATE SET base_version_number = $3, yaml = $4, updated_at = "
    "now() RETURNING base_version_number, yaml, updated_at";
constexpr auto kRemove = "DELETE FROM runbook_draft WHERE runbook_id = $1 AND person_id = $2";

json::object draft_json(const pqxx::row& row, const Uuid& runbook) {
  json::object draft;
  draft["runbook_id"] = runbook.str();
  draft["base_version_number"] = db::integer(row[0]);
  draft["yaml"] = db::text(row[1]);
  draft["updated_at"] = rfc3339(db::time(row[2]));
  return draft;
}

// The newest version's number.
Result<std::int64_t> lock(pqxx::work& work, const DraftKey& key) {
  const auto rows = db::exec(work, kLockRunbook, key.runbook, key.reach.to_json());
  if (rows.empty()) return no_runbook();
  return db::integer(rows[0][0]);
}

Result<json::object> save_draft(pqxx::work& work, const DraftKey& key, const DraftContent& content) {
  const auto newest = lock(work, key);
  if (!newest) return std::unexpected(newest.error());
  if (content.base_version_number > *newest) {
    const std::string message = "The runbook has no such version.";
    return std::unexpected<Error>(
        Error{ErrorCode::kInvalid, message, {{"/base_version_number", "bad_value", message}}});
  }
  const auto rows = db::exec(work, kSave, key.runbook, key.person, content.base_version_number, content.yaml);
  return draft_json(rows[0], key.runbook);
}

}  // namespace

awaitable<Result<std::optional<json::object>>> DraftStore::get(DraftKey key) {
  auto read = [key = std::move(key)](pqxx::work& work) -> Result<std::optional<json::object>> {
    if (db::exec(work, kRunbook, key.runbook, key.reach.to_json()).empty()) return no_runbook();
    const auto rows = db::exec(work, kSelect, key.runbook, key.person);
    if (rows.empty()) return std::nullopt;
    return draft_json(rows[0], key.runbook);
  };
  co_return co_await database_.transact("draft.get", std::move(read));
}

awaitable<Result<json::object>> DraftStore::save(DraftKey key, DraftContent content) {
  auto write = [key = std::move(key), content = std::move(content)](pqxx::work& work) {
    return save_draft(work, key, content);
  };
  co_return co_await database_.transact("draft.save", std::move(write));
}

awaitable<Result<bool>> DraftStore::remove(DraftKey key) {
  auto write = [key = std::move(key)](pqxx::work& work) -> Result<bool> {
    if (const auto newest = lock(work, key); !newest) return std::unexpected(newest.error());
    return db::exec(work, kRemove, key.runbook, key.person).affected_rows() > 0;
  };
  co_return co_await database_.transact("draft.remove", std::move(write));
}

}  // namespace runbook::store
