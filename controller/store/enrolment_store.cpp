#include "controller/store/enrolment_store.hpp"

#include "controller/domain/targets.hpp"
#include "controller/store/agent_certificate_rows.hpp"
#include "controller/store/audit_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr auto kUsable =
    "SELECT labels FROM enrollment_token "
    "WHERE digest = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()";
// The row's lock makes others with the same token wait here and then find it used.
constexpr auto kUse =
    "UPDATE enrollment_token SET used_at = now() "
    "WHERE digest = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now() RETURNING id";
constexpr auto kInsert =
    "INSERT INTO agent (id, name, labels, certificate_serial, certificate_until) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING id";
constexpr auto kRemember = "UPDATE enrollment_token SET agent_id = $2 WHERE id = $1";

domain::Labels labels_of(const boost::json::value& stored) {
  domain::Labels labels;
  if (const auto* object = stored.if_object())
    for (const auto& [key, value] : *object)
      if (const auto* text = value.if_string()) labels.emplace(std::string(key), std::string(*text));
  return labels;
}

Result<void> use(pqxx::work& work, const std::string& digest, const EnrolledAgent& agent, const Origin& by) {
  const auto token = db::exec(work, kUse, db::Bytes{digest});
  if (token.empty()) return failure(ErrorCode::kUnauthenticated, "The enrolment token is not valid.");
  const auto made = db::exec(work, kInsert, agent.id, agent.name, domain::to_json(agent.labels),
                             agent.certificate.serial, agent.certificate.until);
  if (made.empty())
    return failure(ErrorCode::kConflict, "Another agent has this name: choose one, or revoke that agent.");
  insert_certificate(work, agent.id, agent.certificate);
  db::exec(work, kRemember, db::uuid(token[0][0]), agent.id);
  AuditEvent event{.action = "agent.enrol", .object_type = "agent", .object_id = agent.id};
  event.object_name = agent.name;
  event.add_change("labels", nullptr, domain::to_json(agent.labels))
      .add_change("enrollment_token_id", nullptr, json::value(db::text(token[0][0])));
  append_audit(work, by, event);
  return {};
}

}  // namespace

awaitable<std::optional<domain::Labels>> EnrolmentStore::usable(std::string token_digest) {
  auto read = [digest = std::move(token_digest)](pqxx::work& work) -> std::optional<domain::Labels> {
    const auto rows = db::exec(work, kUsable, db::Bytes{digest});
    if (rows.empty()) return std::nullopt;
    return labels_of(db::json(rows[0][0]));
  };
  co_return co_await database_.transact("enrolment.usable", std::move(read));
}

awaitable<Result<void>> EnrolmentStore::enrol(std::string token_digest, EnrolledAgent agent, Origin by) {
  auto write = [digest = std::move(token_digest), agent = std::move(agent),
                by = std::move(by)](pqxx::work& work) { return use(work, digest, agent, by); };
  co_return co_await database_.transact("enrolment.enrol", std::move(write));
}

}  // namespace runbook::store
