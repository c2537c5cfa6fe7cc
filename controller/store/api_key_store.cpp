#include "controller/store/api_key_store.hpp"

#include <utility>

#include "controller/store/api_key_rows.hpp"
#include "controller/store/audit_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::store {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr auto kFind =
    "SELECT k.id, k.person_id, p.name, k.name, k.digest, k.roles FROM api_key k JOIN person p ON p.id = "
    "k.person_id "
    "WHERE k.prefix = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())";
constexpr auto kTouch =
    "UPDATE api_key SET last_used_at = now() WHERE id = $1 "
    "AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')";
constexpr auto kInsertPerson = "INSERT INTO person (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
constexpr auto kPersonByName = "SELECT id FROM person WHERE name = $1";
constexpr auto kInsert =
    "INSERT INTO api_key (id, person_id, name, prefix, digest, roles, created_by, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr auto kShow =
    "SELECT k.id, k.name, p.name, p.id, k.prefix, k.roles, k.created_by, k.created_at, k.expires_at, "
    "k.last_used_at, "
    "k.revoked_at FROM api_key k JOIN person p ON p.id = k.person_id ";
constexpr auto kOne = "WHERE k.id = $1";
constexpr auto kPage =
    "WHERE ($1::timestamptz IS NULL OR (k.created_at, k.id) < ($1, $2::uuid)) "
    "ORDER BY k.created_at DESC, k.id DESC LIMIT $3";
constexpr auto kPeople =
    "SELECT DISTINCT coalesce(item ->> 'role', item #>> '{}'), p.name FROM api_key k "
    "JOIN person p ON p.id = k.person_id CROSS JOIN jsonb_array_elements(k.roles) item "
    "WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())";
constexpr auto kName = "SELECT name FROM api_key WHERE id = $1";
constexpr auto kRevoke = "UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL";
constexpr auto kEndSessions = "DELETE FROM session WHERE api_key_id = $1";

json::object key_json(const pqxx::row& row) {
  json::object key;
  key["id"] = db::text(row[0]);
  key["name"] = db::text(row[1]);
  key["owner"] = db::text(row[2]);
  key["owner_id"] = db::text(row[3]);
  key["prefix"] = db::text(row[4]);
  key["roles"] = db::json(row[5]);
  key["created_by"] = json_or_null(db::optional_text(row[6]));
  key["created_at"] = rfc3339(db::time(row[7]));
  key["expires_at"] = json_or_null(db::optional_time(row[8]));
  key["last_used_at"] = json_or_null(db::optional_time(row[9]));
  key["revoked_at"] = json_or_null(db::optional_time(row[10]));
  return key;
}

AuditEvent creation(const Uuid& id, const json::object& key) {
  AuditEvent event{.action = "api_key.create", .object_type = "api_key", .object_id = id};
  event.object_name = key.at("name").as_string();
  for (const auto* field : {"owner", "roles", "expires_at"}) event.add_change(field, nullptr, key.at(field));
  return event;
}

Uuid person_named(pqxx::work& work, const std::string& name) {
  db::exec(work, kInsertPerson, runtime::new_uuid(), name);
  return db::uuid(db::exec(work, kPersonByName, name)[0][0]);
}

}  // namespace

StoredKey stored_key(const pqxx::row& row) {
  StoredKey key{db::uuid(row[0]), db::uuid(row[1]),  db::text(row[2]),
                db::text(row[3]), db::bytes(row[4]), {}};
  const auto roles = db::json(row[5]);
  if (const auto* given = roles.if_array()) key.roles = *given;
  return key;
}

awaitable<std::optional<StoredKey>> ApiKeyStore::find(std::string prefix) {
  auto read = [prefix = std::move(prefix)](pqxx::work& work) -> std::optional<StoredKey> {
    const auto rows = db::exec(work, kFind, prefix);
    if (rows.empty()) return std::nullopt;
    return stored_key(rows[0]);
  };
  co_return co_await database_.transact("api_key.find", std::move(read));
}

awaitable<void> ApiKeyStore::touch(Uuid key) {
  auto write = [key](pqxx::work& work) { db::exec(work, kTouch, key); };
  co_await database_.transact("api_key.touch", std::move(write));
}

awaitable<json::object> ApiKeyStore::create(NewApiKey key, Origin by) {
  const Uuid id = runtime::new_uuid();
  auto insert = [id, key = std::move(key), by = std::move(by)](pqxx::work& work) {
    const Uuid owner = key.owner.empty() ? key.created_by.value() : person_named(work, key.owner);
    db::exec(work, kInsert, id, owner, key.name, key.prefix, db::Bytes{key.digest},
             key.roles, key.created_by, key.expires_at);
    auto made = key_json(db::exec(work, std::string(kShow) + kOne, id)[0]);
    append_audit(work, by, creation(id, made));
    return made;
  };
  co_return co_await database_.transact("api_key.create", std::move(insert));
}

awaitable<Result<json::object>> ApiKeyStore::list(PageRequest request) {
  const auto after = decode_time_cursor(request.cursor);
  if (!after) co_return std::unexpected(after.error());
  auto read = [after = *after, limit = request.limit](pqxx::work& work) {
    const auto time = after ? std::optional(after->time) : std::nullopt;
    const auto id = after ? std::optional(after->id) : std::nullopt;
    const auto rows = db::exec(work, std::string(kShow) + kPage, time, id, limit + 1);
    json::array items;
    TimeKey last;
    for (const auto& row : rows) {
      if (items.size() == limit) return page(std::move(items), encode_time_cursor(last));
      items.push_back(key_json(row));
      last = {db::time(row[7]), db::uuid(row[0])};
    }
    return page(std::move(items), std::nullopt);
  };
  co_return co_await database_.transact("api_key.list", std::move(read));
}

awaitable<std::map<std::string, std::set<std::string>>> ApiKeyStore::people_by_role() {
  auto read = [](pqxx::work& work) {
    std::map<std::string, std::set<std::string>> people;
    for (const auto& row : db::exec(work, kPeople)) people[db::text(row[0])].insert(db::text(row[1]));
    return people;
  };
  co_return co_await database_.transact("api_key.people", std::move(read));
}

awaitable<Result<void>> ApiKeyStore::revoke(Uuid key, Origin by) {
  auto write = [key, by = std::move(by)](pqxx::work& work) -> Result<void> {
    const auto named = db::exec(work, kName, key);
    if (named.empty()) return failure(ErrorCode::kNotFound, "There is no such key.");
    const bool now = db::exec(work, kRevoke, key).affected_rows() > 0;
    db::exec(work, kEndSessions, key);
    if (!now) return {};
    AuditEvent event{.action = "api_key.revoke", .object_type = "api_key", .object_id = key};
    event.object_name = db::text(named[0][0]);
    append_audit(work, by, event.add_change("revoked", false, true));
    return {};
  };
  co_return co_await database_.transact("api_key.revoke", std::move(write));
}

}  // namespace runbook::store
