#include "controller/store/agent_certificates.hpp"

#include "controller/store/agent_certificate_rows.hpp"
#include "controller/store/audit_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::store {
namespace {

using boost::asio::awaitable;

// What makes the certificate $2 of agent $1 a good one.
constexpr auto kUsable =
    "SELECT c.used_at IS NOT NULL FROM agent_certificate c JOIN agent g ON g.id = c.agent_id "
    "WHERE g.id = $1 AND c.serial = $2 "
    "AND g.revoked_at IS NULL AND c.ended_at IS NULL AND c.not_after > now()";
// First uses and renewals of one agent wait for each other, and for its revocation.
constexpr auto kLock = "SELECT name, certificate_serial FROM agent WHERE id = $1 FOR UPDATE";
constexpr auto kRecent =
    "SELECT count(*) FROM agent_certificate WHERE agent_id = $1 AND issued_at > now() - $2 * interval '1 "
    "second'";
constexpr auto kInsert =
    "INSERT INTO agent_certificate (serial, agent_id, issuer, trusts, not_after) VALUES ($1, $2, $3, "
    "$4::text[], $5)";
constexpr auto kFirstUse =
    "UPDATE agent_certificate SET used_at = now() WHERE serial = $1 AND used_at IS NULL RETURNING not_after";
constexpr auto kEndOthers =
    "UPDATE agent_certificate SET ended_at = now() WHERE agent_id = $1 AND serial <> $2 AND ended_at IS NULL";
constexpr auto kTold =
    "UPDATE agent g SET certificate_serial = c.serial, certificate_until = c.not_after FROM "
    "agent_certificate "
    "c WHERE g.id = $1 AND c.serial = $2 AND g.certificate_serial <> c.serial";
constexpr auto kWasUsed = "SELECT FROM agent_certificate WHERE serial = $1 AND used_at IS NOT NULL";
constexpr auto kForget =
    "DELETE FROM agent_certificate WHERE agent_id = $1 AND not_after < now() AND serial <> ALL($2::text[])";
constexpr auto kNewest = "UPDATE agent SET certificate_serial = $2, certificate_until = $3 WHERE id = $1";
constexpr auto kToBeCut =
    "SELECT v.agent, v.serial, g.revoked_at IS NOT NULL AS revoked FROM unnest($1::uuid[], $2::text[]) AS "
    "v(agent, serial) LEFT JOIN agent g ON g.id = v.agent LEFT JOIN agent_certificate c ON c.serial = "
    "v.serial "
    "AND c.agent_id = v.agent WHERE g.revoked_at IS NOT NULL OR c.serial IS NULL OR c.ended_at IS NOT NULL "
    "OR "
    "c.not_after <= now()";
constexpr auto kAgents = "SELECT count(*) FROM agent WHERE revoked_at IS NULL";
constexpr auto kBehind =
    "SELECT g.name, count(*) OVER () AS behind FROM agent g JOIN agent_certificate c ON c.serial = "
    "g.certificate_serial WHERE g.revoked_at IS NULL AND NOT (c.issuer = $1 AND c.trusts @> $2::text[]) "
    "ORDER BY g.name LIMIT 20";
constexpr auto kStanding =
    "WITH newest AS (SELECT c.issuer, c.trusts FROM agent g JOIN agent_certificate c ON c.serial = "
    "g.certificate_serial WHERE g.revoked_at IS NULL) "
    "SELECT authority, sum(trusted) AS trusted, sum(issued) AS issued FROM ("
    "SELECT unnest(trusts) AS authority, 1 AS trusted, 0 AS issued FROM newest "
    "UNION ALL SELECT issuer, 0, 1 FROM newest) counted GROUP BY authority ORDER BY authority";

// `serial` is usable and the agent locked. Whoever has a certificate that was given before, or another that
// was given for the same one, has what somebody else goes on with: only one of them does.
void note_use(pqxx::work& work, const Uuid& agent, const std::string& serial) {
  if (db::exec(work, kFirstUse, serial).empty()) return;
  db::exec(work, kEndOthers, agent, serial);
  db::exec(work, kTold, agent, serial);
}

bool use_certificate(pqxx::work& work, const Uuid& agent, const std::string& serial) {
  const auto known = db::exec(work, kUsable, agent, serial);
  if (known.empty()) return false;
  if (db::boolean(known[0][0])) return true;
  if (db::exec(work, kLock, agent).empty() || db::exec(work, kUsable, agent, serial).empty()) return false;
  note_use(work, agent, serial);
  return true;
}

Result<void> store_renewal(pqxx::work& work, const Uuid& agent, const std::string& presented,
                           const IssuedCertificate& issued, const Origin& by) {
  const auto locked = db::exec(work, kLock, agent);
  if (locked.empty() || db::exec(work, kUsable, agent, presented).empty())
    return failure(ErrorCode::kUnauthenticated, "The certificate is not one of this fleet, or has ended.");
  const auto newest = db::text(locked[0]["certificate_serial"]);
  if (newest != presented && !db::exec(work, kWasUsed, newest).empty())
    return failure(ErrorCode::kUnauthenticated, "The certificate was replaced by one that is in use.");
  const auto recent =
      db::exec(work, kRecent, agent, std::chrono::seconds(limits::kAgentRenewalWindow).count());
  if (db::integer(recent[0][0]) >= static_cast<std::int64_t>(limits::kAgentRenewals))
    return failure(ErrorCode::kTooMany, "This agent was given certificates enough; try again in an hour.");
  note_use(work, agent, presented);
  insert_certificate(work, agent, issued);
  const std::vector<std::string> good{presented, issued.serial};
  db::exec(work, kForget, agent, good);
  db::exec(work, kNewest, agent, issued.serial, issued.until);
  AuditEvent event{.action = "agent.renew", .object_type = "agent", .object_id = agent};
  event.object_name = db::text(locked[0]["name"]);
  event.add_change("certificate_serial", boost::json::value(newest), boost::json::value(issued.serial))
      .add_change("certificate_until", nullptr, boost::json::value(rfc3339(issued.until)));
  append_audit(work, by, event);
  return {};
}

AgentCertificates::Standing read_standing(pqxx::work& work, const std::vector<std::string>& authorities) {
  AgentCertificates::Standing standing;
  standing.agents = db::integer(db::exec(work, kAgents)[0][0]);
  for (const auto& row : db::exec(work, kStanding)) {
    standing.authorities.push_back(
        {db::text(row["authority"]), db::integer(row["trusted"]), db::integer(row["issued"])});
  }
  for (const auto& row : db::exec(work, kBehind, authorities.front(), authorities)) {
    standing.behind = db::integer(row["behind"]);
    standing.examples.push_back(db::text(row["name"]));
  }
  return standing;
}

}  // namespace

void insert_certificate(pqxx::work& work, const Uuid& agent, const IssuedCertificate& issued) {
  db::exec(work, kInsert, issued.serial, agent, issued.issuer, issued.trusts, issued.until);
}

awaitable<bool> AgentCertificates::usable(Uuid agent, std::string serial) {
  auto query = [agent, serial = std::move(serial)](pqxx::work& work) {
    return !db::exec(work, kUsable, agent, serial).empty();
  };
  co_return co_await database_.transact("agent_certificate.usable", std::move(query));
}

awaitable<bool> AgentCertificates::use(Uuid agent, std::string serial) {
  auto write = [agent, serial = std::move(serial)](pqxx::work& work) {
    return use_certificate(work, agent, serial);
  };
  co_return co_await database_.transact("agent_certificate.use", std::move(write));
}

awaitable<Result<void>> AgentCertificates::renew(Uuid agent, std::string presented, IssuedCertificate issued,
                                                 Origin by) {
  auto write = [agent, presented = std::move(presented), issued = std::move(issued), by = std::move(by)](
                   pqxx::work& work) { return store_renewal(work, agent, presented, issued, by); };
  co_return co_await database_.transact("agent_certificate.renew", std::move(write));
}

awaitable<std::vector<EndedLink>> AgentCertificates::to_be_cut(std::vector<OpenLink> open) {
  auto query = [open = std::move(open)](pqxx::work& work) {
    std::vector<Uuid> agents;
    std::vector<std::string> serials;
    for (const auto& link : open) {
      agents.push_back(link.agent);
      serials.push_back(link.serial);
    }
    std::vector<EndedLink> ended;
    for (const auto& row : db::exec(work, kToBeCut, agents, serials))
      ended.push_back({{db::uuid(row[0]), db::text(row[1])}, db::boolean(row[2])});
    return ended;
  };
  co_return co_await database_.transact("agent_certificate.to_be_cut", std::move(query));
}

awaitable<AgentCertificates::Standing> AgentCertificates::standing(std::vector<std::string> authorities) {
  auto query = [authorities = std::move(authorities)](pqxx::work& work) {
    return read_standing(work, authorities);
  };
  co_return co_await database_.transact("agent_certificate.standing", std::move(query));
}

}  // namespace runbook::store
