#include "controller/store/credential_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "controller/store/audit_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr auto kInsert =
    "INSERT INTO credential (id, name, type, sealed, created_by, runbooks, runbooks_selector) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (name) DO NOTHING RETURNING id";
// Who uses it is asked of the runbooks as they are now; $1 is the reach of who asks.
constexpr auto kShow =
    "SELECT c.id, c.name, c.type, c.created_by, p.name, c.created_at, c.rotated_at, c.last_used_at, "
    "coalesce((SELECT json_agg(json_build_object('runbook_id', r.id, 'title', r.title) ORDER BY r.title, "
    "r.id) "
    "FROM runbook r JOIN runbook_version v ON v.runbook_id = r.id AND v.version_number = r.version_number "
    "WHERE r.deleted_at IS NULL AND reaches_runbook($1, r.labels) AND c.name IN (SELECT "
    "credentials_of(v.content))), '[]'), c.runbooks "
    "FROM credential c JOIN person p ON p.id = c.created_by ";
constexpr auto kOne = "WHERE c.id = $2";
// $1 is null for who reaches everything.
constexpr auto kPage =
    "WHERE ($2::text IS NULL OR c.name > $2) AND (c.runbooks IS NULL OR jsonb_typeof($1::jsonb) = 'null' OR "
    "EXISTS (SELECT FROM runbook r WHERE r.deleted_at IS NULL AND reaches_runbook($1, r.labels) "
    "AND credential_serves(c.runbooks_selector, r.labels))) ORDER BY c.name LIMIT $3";
constexpr auto kReplace =
    "UPDATE credential SET sealed = $2, rotated_at = now(), runbooks = CASE WHEN $3 THEN $4 ELSE runbooks "
    "END, "
    "runbooks_selector = CASE WHEN $3 THEN $5::jsonb ELSE runbooks_selector END WHERE id = $1";
constexpr auto kLock = "SELECT FROM credential WHERE id = $1 FOR UPDATE";
constexpr auto kDelete = "DELETE FROM credential WHERE id = $1";
constexpr auto kNamed =
    "SELECT c.id, c.name, c.type, credential_serves(c.runbooks_selector, (SELECT r.labels FROM runbook r "
    "WHERE r.id = $2)), c.runbooks FROM credential c WHERE c.name = ANY($1::text[])";
constexpr auto kUse =
    "UPDATE credential c SET last_used_at = CASE WHEN credential_serves(c.runbooks_selector, r.labels) "
    "THEN now() ELSE c.last_used_at END "
    "FROM (SELECT (SELECT labels FROM runbook WHERE id = $2) AS labels) r WHERE c.id = ANY($1::uuid[]) "
    "RETURNING c.id, c.type, CASE WHEN credential_serves(c.runbooks_selector, r.labels) THEN c.sealed "
    "ELSE '' END, credential_serves(c.runbooks_selector, r.labels)";
constexpr auto kSealed =
    "SELECT id, sealed FROM credential WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2";
constexpr auto kReseal = "UPDATE credential SET sealed = $2 WHERE id = $1 AND sealed = $3 RETURNING name";

constexpr auto kKind = "credential";
const json::value kEverything = domain::Reach::everything().to_json();  // whoever manages credentials

json::object credential_json(const pqxx::row& row) {
  json::object credential;
  credential["id"] = db::text(row[0]);
  credential["name"] = db::text(row[1]);
  credential["type"] = db::text(row[2]);
  credential["created_by"] = db::text(row[3]);
  credential["created_by_name"] = db::text(row[4]);
  credential["created_at"] = rfc3339(db::time(row[5]));
  credential["rotated_at"] = json_or_null(db::optional_time(row[6]));
  credential["last_used_at"] = json_or_null(db::optional_time(row[7]));
  credential["used_by"] = db::json(row[8]);
  credential["runbooks"] = json_or_null(db::optional_text(row[9]));
  return credential;
}

std::optional<json::object> show(pqxx::work& work, const Uuid& id) {
  const auto rows = db::exec(work, std::string(kShow) + kOne, kEverything, id);
  if (rows.empty()) return std::nullopt;
  return credential_json(rows[0]);
}

std::unexpected<Error> no_credential() {
  return failure(ErrorCode::kNotFound, "There is no such credential.");
}

std::optional<std::string> text_of(const std::optional<domain::Selector>& runbooks) {
  return runbooks ? std::optional{runbooks->text()} : std::nullopt;
}

json::value selector_of(const std::optional<domain::Selector>& runbooks) {
  return runbooks ? json::value(runbooks->to_json()) : json::value(nullptr);
}

AuditEvent event_of(std::string_view action, const Uuid& id, const json::object& shown) {
  return {.action = action,
          .object_type = kKind,
          .object_id = id,
          .object_name = std::string(shown.at("name").as_string())};
}

Result<void> remove_credential(pqxx::work& work, const Uuid& id, bool force, const Origin& by) {
  if (db::exec(work, kLock, id).empty()) return no_credential();
  const auto shown = *show(work, id);
  std::vector<std::string> titles;
  for (const auto& use : shown.at("used_by").as_array()) titles.emplace_back(use.at("title").as_string());
  if (!titles.empty() && !force) {
    return failure(
        ErrorCode::kConflict,
        fmt::format("These runbooks use it and would fail without it: {}. Delete it with force=true "
                    "if that is meant.",
                    fmt::join(titles, ", ")));
  }
  db::exec(work, kDelete, id);
  auto event = event_of("credential.delete", id, shown);
  append_audit(work, by, event.add_change("used_by", shown.at("used_by"), nullptr));
  return {};
}

}  // namespace

awaitable<Result<json::object>> CredentialStore::create(NewCredential credential, Origin by) {
  auto write = [credential = std::move(credential),
                by = std::move(by)](pqxx::work& work) -> Result<json::object> {
    const auto& [id, name, type, sealed, created_by, runbooks] = credential;
    if (db::exec(work, kInsert, id, name, type, sealed, created_by, text_of(runbooks), selector_of(runbooks))
            .empty()) {
      return failure(ErrorCode::kConflict, fmt::format("There is a credential named {} already.", name));
    }
    auto shown = *show(work, id);
    auto event = event_of("credential.create", id, shown);
    event.add_change("type", nullptr, json::value(type));
    if (runbooks) event.add_change("runbooks", nullptr, shown.at("runbooks"));
    append_audit(work, by, event);
    return shown;
  };
  co_return co_await database_.transact("credential.create", std::move(write));
}

awaitable<Result<json::object>> CredentialStore::list(PageRequest request, domain::Reach reach) {
  std::optional<std::string> after;
  if (request.cursor) {
    auto key = decode_cursor(*request.cursor, 1);
    if (!key) co_return std::unexpected(key.error());
    after = std::move(key->front());
  }
  auto read = [after = std::move(after), limit = request.limit, reach = reach.to_json()](pqxx::work& work) {
    const auto rows = db::exec(work, std::string(kShow) + kPage, reach, after, limit + 1);
    json::array items;
    for (const auto& row : rows) {
      if (items.size() == limit) {
        return page(std::move(items), encode_cursor({db::text(rows[limit - 1][1])}));
      }
      items.push_back(credential_json(row));
    }
    return page(std::move(items), std::nullopt);
  };
  co_return co_await database_.transact("credential.list", std::move(read));
}

awaitable<Result<json::object>> CredentialStore::replace(NewSecret credential, Origin by) {
  auto write = [credential = std::move(credential),
                by = std::move(by)](pqxx::work& work) -> Result<json::object> {
    if (db::exec(work, kLock, credential.id).empty()) return no_credential();
    const auto before = *show(work, credential.id);
    const auto runbooks = credential.runbooks.value_or(std::nullopt);
    db::exec(work, kReplace, credential.id, credential.sealed, credential.runbooks.has_value(),
             text_of(runbooks), selector_of(runbooks));
    auto shown = *show(work, credential.id);
    auto event = event_of("credential.replace", credential.id, shown);
    if (before.at("runbooks") != shown.at("runbooks"))
      event.add_change("runbooks", before.at("runbooks"), shown.at("runbooks"));
    append_audit(work, by, event);
    return shown;
  };
  co_return co_await database_.transact("credential.replace", std::move(write));
}

awaitable<Result<void>> CredentialStore::remove(Uuid credential, bool force, Origin by) {
  auto write = [credential, force, by = std::move(by)](pqxx::work& work) {
    return remove_credential(work, credential, force, by);
  };
  co_return co_await database_.transact("credential.remove", std::move(write));
}

awaitable<std::vector<CredentialName>> CredentialStore::named(std::vector<std::string> names, Uuid runbook) {
  auto read = [names = std::move(names), runbook](pqxx::work& work) {
    std::vector<CredentialName> found;
    for (const auto& row : db::exec(work, kNamed, names, runbook)) {
      found.push_back({db::uuid(row[0]), db::text(row[1]), db::text(row[2]), db::boolean(row[3]),
                       db::optional_text(row[4]).value_or("")});
    }
    return found;
  };
  co_return co_await database_.transact("credential.named", std::move(read));
}

awaitable<std::vector<UsedCredential>> CredentialStore::use(std::vector<Uuid> ids, Uuid runbook) {
  auto write = [ids = std::move(ids), runbook](pqxx::work& work) {
    std::vector<UsedCredential> found;
    for (const auto& row : db::exec(work, kUse, ids, runbook)) {
      found.push_back({db::uuid(row[0]), db::text(row[1]), db::text(row[2]), db::boolean(row[3])});
    }
    return found;
  };
  co_return co_await database_.transact("credential.use", std::move(write));
}

awaitable<std::vector<SealedCredential>> CredentialStore::sealed(std::optional<Uuid> after,
                                                                 std::size_t limit) {
  auto read = [after, limit](pqxx::work& work) {
    std::vector<SealedCredential> found;
    for (const auto& row : db::exec(work, kSealed, after, limit)) {
      found.push_back({db::uuid(row[0]), db::text(row[1])});
    }
    return found;
  };
  co_return co_await database_.transact("credential.sealed", std::move(read));
}

awaitable<bool> CredentialStore::reseal(SealedCredential credential, std::string before, Origin by) {
  auto write = [credential = std::move(credential), before = std::move(before),
                by = std::move(by)](pqxx::work& work) {
    const auto changed = db::exec(work, kReseal, credential.id, credential.sealed, before);
    if (changed.empty()) return false;
    AuditEvent event{.action = "credential.reseal", .object_type = kKind, .object_id = credential.id};
    event.object_name = db::text(changed[0][0]);
    append_audit(work, by, event);
    return true;
  };
  co_return co_await database_.transact("credential.reseal", std::move(write));
}

}  // namespace runbook::store
