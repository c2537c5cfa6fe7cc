#include "controller/store/agent_presence.hpp"

#include "controller/store/agent_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;

constexpr auto kArrived =
    "UPDATE agent g SET connected_to = $1, last_seen = now(), version = v.version, os = v.os, arch = v.arch, "
    "incarnation = v.incarnation "
    "FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[]) AS v(id, version, os, arch, "
    "incarnation) "
    "WHERE g.id = v.id";

// A link that fell silent is found dead only after a while: last_seen is when the agent was really heard.
constexpr auto kLeft =
    "UPDATE agent g SET connected_to = NULL, last_seen = now() - v.silent_ms * interval '1 millisecond' "
    "FROM unnest($2::uuid[], $3::bigint[]) AS v(id, silent_ms) WHERE g.id = v.id AND g.connected_to = $1";

constexpr auto kShown =
    "SELECT g.id, g.name, g.labels, g.version, g.os, g.arch, g.last_seen, g.enrolled_at, "
    "g.certificate_until, "
    "g.revoked_at, CASE WHEN g.revoked_at IS NOT NULL THEN 'revoked' WHEN g.draining THEN 'draining' "
    "WHEN g.connected_to IS NOT NULL THEN 'online' ELSE 'offline' END AS status, "
    "(SELECT count(*) FROM attempt a WHERE a.agent_id = g.id AND a.status IN ('dispatched', 'running')) AS "
    "running FROM agent g WHERE g.id = ANY($1::uuid[])";

constexpr auto kSeen = "UPDATE agent SET last_seen = now() WHERE connected_to = $1";

std::vector<json::object> store_changes(pqxx::work& work, const Uuid& instance,
                                        const std::vector<Presence>& changes) {
  std::vector<Uuid> all, arrived, left, incarnations;
  std::vector<std::string> versions, systems, archs;
  std::vector<std::int64_t> silences;
  for (const auto& change : changes) {
    all.push_back(change.agent);
    if (!change.connected) {
      left.push_back(change.agent);
      silences.push_back(change.silent_for.count());
      continue;
    }
    arrived.push_back(change.agent);
    versions.push_back(change.version);
    systems.push_back(change.os);
    archs.push_back(change.arch);
    incarnations.push_back(change.incarnation);
  }
  if (!arrived.empty()) db::exec(work, kArrived, instance, arrived, versions, systems, archs, incarnations);
  if (!left.empty()) db::exec(work, kLeft, instance, left, silences);
  std::vector<json::object> agents;
  for (const auto& row : db::exec(work, kShown, all)) agents.push_back(agent_json(row));
  return agents;
}

}  // namespace

domain::Labels labels(const pqxx::field& field) {
  domain::Labels labels;
  for (const auto& entry : db::json(field).as_object()) {
    labels.emplace(entry.key(), std::string(entry.value().as_string()));
  }
  return labels;
}

std::vector<Host> candidate_hosts(pqxx::work& work, const std::vector<domain::Targets>& targets,
                                  const json::value& scope) {
  static const std::string kCandidates = "SELECT g.id, g.name, g.labels, g.draining, " +
                                         std::string(kAgentOnline) +
                                         " AS online FROM agent g "
                                         "WHERE g.revoked_at IS NULL AND ($1::boolean OR g.name = "
                                         "ANY($2::text[]) OR g.id::text = ANY($2::text[])) "
                                         "AND host_scope_has($3, g.labels)";
  bool everything = false;
  std::vector<std::string> names;
  for (const auto& target : targets) {
    if (!target.selector.empty()) everything = true;
    names.insert(names.end(), target.hosts.begin(), target.hosts.end());
  }
  std::vector<Host> hosts;
  for (const auto& row : db::exec(work, kCandidates, everything, names, scope)) {
    Host host;
    host.id = db::uuid(row["id"]);
    host.name = db::text(row["name"]);
    host.labels = labels(row["labels"]);
    host.draining = db::boolean(row["draining"]);
    host.online = db::boolean(row["online"]);
    hosts.push_back(std::move(host));
  }
  return hosts;
}

AgentPresence::AgentPresence(db::Database& database) : database_(database) {}

boost::asio::awaitable<std::vector<json::object>> AgentPresence::store(Uuid instance,
                                                                       std::vector<Presence> changes) {
  auto query = [instance, changes = std::move(changes)](pqxx::work& work) {
    return store_changes(work, instance, changes);
  };
  co_return co_await database_.transact("agent_presence", std::move(query));
}

boost::asio::awaitable<void> AgentPresence::seen(Uuid instance) {
  auto query = [instance](pqxx::work& work) { db::exec(work, kSeen, instance); };
  co_await database_.transact("agent_seen", std::move(query));
}

boost::asio::awaitable<std::vector<Host>> AgentPresence::candidates(std::vector<domain::Targets> targets,
                                                                    json::value scope) {
  auto query = [targets = std::move(targets), scope = std::move(scope)](pqxx::work& work) {
    return candidate_hosts(work, targets, scope);
  };
  co_return co_await database_.transact("agent_candidates", std::move(query));
}

boost::asio::awaitable<std::map<std::string, std::size_t>> AgentPresence::counts() {
  auto query = [](pqxx::work& work) {
    static const std::string kCounts =
        "SELECT CASE WHEN g.revoked_at IS NOT NULL THEN 'revoked' WHEN g.draining THEN 'draining' WHEN " +
        std::string(kAgentOnline) +
        " THEN 'online' ELSE 'offline' END AS status, count(*) AS n FROM agent g GROUP BY 1";
    std::map<std::string, std::size_t> counts = {
        {"online", 0}, {"offline", 0}, {"draining", 0}, {"revoked", 0}};
    for (const auto& row : db::exec(work, kCounts)) {
      counts[db::text(row["status"])] = static_cast<std::size_t>(db::integer(row["n"]));
    }
    return counts;
  };
  co_return co_await database_.transact("agent_counts", std::move(query));
}

}  // namespace runbook::store
