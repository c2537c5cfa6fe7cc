#include "controller/store/session_store.hpp"

#include <utility>

#include "controller/store/api_key_rows.hpp"
#include "controller/store/audit_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::store {

using boost::asio::awaitable;

namespace {

constexpr auto kSweep = "DELETE FROM session WHERE expires_at < now()";
constexpr auto kInsert =
    "INSERT INTO session (id, api_key_id, digest, csrf_digest, expires_at) VALUES ($1, $2, $3, $4, $5)";
constexpr auto kFind =
    "SELECT k.id, k.person_id, p.name, k.name, k.digest, k.roles, s.id, s.csrf_digest FROM session s "
    "JOIN api_key k ON k.id = s.api_key_id JOIN person p ON p.id = k.person_id "
    "WHERE s.digest = $1 AND s.expires_at > now() AND k.revoked_at IS NULL "
    "AND (k.expires_at IS NULL OR k.expires_at > now())";
constexpr auto kRemove = "DELETE FROM session WHERE digest = $1 RETURNING id, api_key_id";
constexpr auto kOwner =
    "SELECT p.id, p.name, k.name FROM api_key k JOIN person p ON p.id = k.person_id WHERE k.id = $1";
constexpr auto kAddLink = "INSERT INTO sign_in_link (digest, api_key_id, expires_at) VALUES ($1, $2, $3)";
constexpr auto kUseLink =
    "UPDATE sign_in_link l SET used_at = now() FROM api_key k WHERE l.digest = $1 AND l.used_at IS NULL "
    "AND l.expires_at > now() AND k.id = l.api_key_id AND k.revoked_at IS NULL "
    "AND (k.expires_at IS NULL OR k.expires_at > now()) RETURNING l.api_key_id";

// In the name of the key's owner: who signs in is known by the key only.
void tell(pqxx::work& work, Origin by, std::string_view action, const Uuid& session, const Uuid& api_key) {
  const auto owner = db::exec(work, kOwner, api_key);
  by.person_id = db::uuid(owner[0][0]);
  by.person = db::text(owner[0][1]);
  by.key_id = api_key;
  by.key_name = db::text(owner[0][2]);
  append_audit(work, by, {.action = action, .object_type = "session", .object_id = session});
}

void insert(pqxx::work& work, const Uuid& api_key, const NewSession& session, const Origin& by) {
  const Uuid id = runtime::new_uuid();
  db::exec(work, kSweep);
  db::exec(work, kInsert, id, api_key, db::Bytes{session.digest}, db::Bytes{session.csrf_digest},
           session.expires_at);
  tell(work, by, "session.sign_in", id, api_key);
}

}  // namespace

awaitable<void> SessionStore::create(Uuid api_key, NewSession session, Origin by) {
  auto write = [api_key, session = std::move(session), by = std::move(by)](pqxx::work& work) {
    insert(work, api_key, session, by);
  };
  co_await database_.transact("session.create", std::move(write));
}

awaitable<std::optional<StoredSession>> SessionStore::find(std::string digest) {
  auto read = [digest = std::move(digest)](pqxx::work& work) -> std::optional<StoredSession> {
    const auto rows = db::exec(work, kFind, db::Bytes{digest});
    if (rows.empty()) return std::nullopt;
    return StoredSession{db::uuid(rows[0][6]), db::bytes(rows[0][7]), stored_key(rows[0])};
  };
  co_return co_await database_.transact("session.find", std::move(read));
}

awaitable<void> SessionStore::remove(std::string digest, Origin by) {
  auto write = [digest = std::move(digest), by = std::move(by)](pqxx::work& work) {
    const auto rows = db::exec(work, kRemove, db::Bytes{digest});
    if (!rows.empty()) tell(work, by, "session.sign_out", db::uuid(rows[0][0]), db::uuid(rows[0][1]));
  };
  co_await database_.transact("session.remove", std::move(write));
}

awaitable<void> SessionStore::add_link(Uuid api_key, std::string link_digest, Time expires_at) {
  auto write = [api_key, link_digest = std::move(link_digest), expires_at](pqxx::work& work) {
    db::exec(work, kAddLink, db::Bytes{link_digest}, api_key, expires_at);
  };
  co_await database_.transact("sign_in_link.add", std::move(write));
}

awaitable<bool> SessionStore::redeem(std::string link_digest, NewSession session, Origin by) {
  auto write = [link_digest = std::move(link_digest), session = std::move(session),
                by = std::move(by)](pqxx::work& work) {
    const auto rows = db::exec(work, kUseLink, db::Bytes{link_digest});
    if (rows.empty()) return false;
    insert(work, db::uuid(rows[0][0]), session, by);
    return true;
  };
  co_return co_await database_.transact("sign_in_link.redeem", std::move(write));
}

}  // namespace runbook::store
