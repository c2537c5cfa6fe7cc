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
    "SELECT FROM agent_certificate c JOIN agent g ON g.id = c.agent_id WHERE g.id = $1 AND c.serial = $2 "
    "AND g.revoked_at IS NULL AND c.ended_at IS NULL AND c.not_after > now()";
// Renewals of one agent wait for each other, and for its revocation.
constexpr auto kLock = "SELECT name, certificate_serial FROM agent WHERE id = $1 FOR UPDATE";
constexpr auto kRecent =
    "SELECT count(*) FROM agent_certificate WHERE agent_id = $1 AND issued_at > now() - $2 * interval '1 "
    "second'";
constexpr auto kInsert =
    "INSERT INTO agent_certificate (serial, agent_id, issuer, trusts, not_after) VALUES ($1, $2, $3, "
    "$4::text[], $5)";
constexpr auto kEndOthers =
    "UPDATE agent_certificate SET ended_at = now() WHERE agent_id = $1 AND serial <> ALL($2::text[]) AND "
    "ended_at IS NULL";
constexpr auto kForget =
    "DELETE FROM agent_certificate WHERE agent_id = $1 AND not_after < now() AND serial <> ALL($2::text[])";
constexpr auto kNewest = "UPDATE agent SET certificate_serial = $2, certificate_until = $3 WHERE id = $1";
constexpr auto kToBeCut =
    "SELECT id FROM agent WHERE connected_to = $1 AND (revoked_at IS NOT NULL OR certificate_until < now())";
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

Result<void> store_renewal(pqxx::work& work, const Uuid& agent, const std::string& presented,
                           const IssuedCertificate& issued, const Origin& by) {
  const auto locked = db::exec(work, kLock, agent);
  if (locked.empty() || db::exec(work, kUsable, agent, presented).empty())
    return failure(ErrorCode::kUnauthenticated, "The certificate is not one of this fleet, or has ended.");
  const auto recent =
      db::exec(work, kRecent, agent, std::chrono::seconds(limits::kAgentRenewalWindow).count());
  if (db::integer(recent[0][0]) >= static_cast<std::int64_t>(limits::kAgentRenewals))
    return failure(ErrorCode::kTooMany, "This agent was given certificates enough; try again in an hour.");
  insert_certificate(work, agent, issued);
  const std::vector<std::string> good{presented, issued.serial};
  db::exec(work, kEndOthers, agent, good);
  db::exec(work, kForget, agent, good);
  db::exec(work, kNewest, agent, issued.serial, issued.until);
  AuditEvent event{.action = "agent.renew", .object_type = "agent", .object_id = agent};
  event.object_name = db::text(locked[0]["name"]);
  event
      .add_change("certificate_serial", boost::json::value(db::text(locked[0]["certificate_serial"])),
                  boost::json::value(issued.serial))
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

awaitable<Result<void>> AgentCertificates::renew(Uuid agent, std::string presented, IssuedCertificate issued,
                                                 Origin by) {
  auto write = [agent, presented = std::move(presented), issued = std::move(issued), by = std::move(by)](
                   pqxx::work& work) { return store_renewal(work, agent, presented, issued, by); };
  co_return co_await database_.transact("agent_certificate.renew", std::move(write));
}

awaitable<std::vector<Uuid>> AgentCertificates::to_be_cut(Uuid instance) {
  auto query = [instance](pqxx::work& work) {
    std::vector<Uuid> agents;
    for (const auto& row : db::exec(work, kToBeCut, instance)) agents.push_back(db::uuid(row[0]));
    return agents;
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
