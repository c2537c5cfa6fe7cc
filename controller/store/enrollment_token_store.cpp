#include "controller/store/enrollment_token_store.hpp"

#include <utility>

#include "controller/domain/targets.hpp"
#include "controller/store/audit_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::store {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr auto kInsert =
    "INSERT INTO enrollment_token (id, digest, labels, created_by, expires_at) VALUES ($1, $2, $3, $4, $5)";
constexpr auto kShow =
    "SELECT t.id, t.labels, CASE WHEN t.used_at IS NOT NULL THEN 'used' WHEN t.revoked_at IS NOT NULL THEN "
    "'revoked' "
    "WHEN t.expires_at <= now() THEN 'expired' ELSE 'open' END, t.created_by, p.name, t.created_at, "
    "t.expires_at, "
    "t.used_at, t.agent_id, t.revoked_at FROM enrollment_token t LEFT JOIN person p ON p.id = t.created_by ";
constexpr auto kOne = "WHERE t.id = $1";
constexpr auto kPage =
    "WHERE ($1::timestamptz IS NULL OR (t.created_at, t.id) < ($1, $2::uuid)) "
    "ORDER BY t.created_at DESC, t.id DESC LIMIT $3";
constexpr auto kExists = "SELECT FROM enrollment_token WHERE id = $1";
constexpr auto kRevoke =
    "UPDATE enrollment_token SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL";

json::object token_json(const pqxx::row& row) {
  json::object token;
  token["id"] = db::text(row[0]);
  token["labels"] = db::json(row[1]);
  token["status"] = db::text(row[2]);
  token["created_by"] = json_or_null(db::optional_text(row[3]));
  token["created_by_name"] = json_or_null(db::optional_text(row[4]));
  token["created_at"] = rfc3339(db::time(row[5]));
  token["expires_at"] = rfc3339(db::time(row[6]));
  token["used_at"] = json_or_null(db::optional_time(row[7]));
  token["agent_id"] = json_or_null(db::optional_text(row[8]));
  token["revoked_at"] = json_or_null(db::optional_time(row[9]));
  return token;
}

}  // namespace

awaitable<json::object> EnrollmentTokenStore::create(NewEnrollmentToken token, Origin by) {
  const Uuid id = runtime::new_uuid();
  auto write = [id, token = std::move(token), by = std::move(by)](pqxx::work& work) {
    db::exec(work, kInsert, id, db::Bytes{token.digest}, domain::to_json(token.labels), token.created_by,
             token.expires_at);
    auto made = token_json(db::exec(work, std::string(kShow) + kOne, id)[0]);
    AuditEvent event{.action = "enrollment_token.create", .object_type = "enrollment_token", .object_id = id};
    for (const auto* field : {"labels", "expires_at"}) event.add_change(field, nullptr, made.at(field));
    append_audit(work, by, event);
    return made;
  };
  co_return co_await database_.transact("enrollment_token.create", std::move(write));
}

awaitable<Result<json::object>> EnrollmentTokenStore::list(PageRequest request) {
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
      items.push_back(token_json(row));
      last = {db::time(row[5]), db::uuid(row[0])};
    }
    return page(std::move(items), std::nullopt);
  };
  co_return co_await database_.transact("enrollment_token.list", std::move(read));
}

awaitable<Result<void>> EnrollmentTokenStore::revoke(Uuid token, Origin by) {
  auto write = [token, by = std::move(by)](pqxx::work& work) -> Result<void> {
    if (db::exec(work, kExists, token).empty())
      return failure(ErrorCode::kNotFound, "There is no such token.");
    if (db::exec(work, kRevoke, token).affected_rows() == 0) return {};
    AuditEvent event{
        .action = "enrollment_token.revoke", .object_type = "enrollment_token", .object_id = token};
    append_audit(work, by, event.add_change("revoked", false, true));
    return {};
  };
  co_return co_await database_.transact("enrollment_token.revoke", std::move(write));
}

}  // namespace runbook::store
