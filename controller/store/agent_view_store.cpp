#include "controller/store/agent_view_store.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "controller/domain/targets.hpp"
#include "controller/store/agent_rows.hpp"
#include "controller/store/audit_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

// `shown` is what GET /agents answers; it stands in a subquery so that filters can use `status`.
const std::string kShown = fmt::format(
    "SELECT * FROM (SELECT g.id, g.name, g.labels, g.version, g.os, g.arch, g.last_seen, g.enrolled_at, "
    "g.certificate_until, g.revoked_at, CASE WHEN g.revoked_at IS NOT NULL THEN 'revoked' "
    "WHEN g.draining THEN 'draining' WHEN {} THEN 'online' ELSE 'offline' END AS status, "
    "coalesce(r.running, 0) AS running FROM agent g LEFT JOIN (SELECT agent_id, count(*) AS running FROM "
    "attempt WHERE status IN ('dispatched', 'running') GROUP BY agent_id) r ON r.agent_id = g.id) shown ",
    kAgentOnline);
constexpr auto kOne = "WHERE id = $1 AND reaches_host($2, labels)";
constexpr auto kNotRevoked = "WHERE revoked_at IS NULL AND reaches_host($1, labels) ORDER BY name, id";
constexpr auto kPage =
    "WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR position(lower($2) in lower(name)) > "
    "0) "
    "AND ($3::text IS NULL OR (name, id) > ($3, $4::uuid)) "
    "AND ($6::text IS NULL OR (revoked_at IS NULL AND version <> '' AND version <> $6)) "
    "AND reaches_host($7, labels) ORDER BY name, id LIMIT $5";
// Hosts share few sets of labels: a selector is matched against each set, not against each host.
const std::string kCounts = fmt::format(
    "SELECT status, labels, outdated, count(*) AS count FROM (SELECT *, revoked_at IS NULL AND version <> '' "
    "AND version <> $2 AS outdated FROM ({}) agents WHERE ($1::text IS NULL OR position(lower($1) in "
    "lower(name)) > 0) AND reaches_host($3, labels)) told GROUP BY status, labels, outdated",
    kShown);
constexpr auto kChange =
    "UPDATE agent SET labels = coalesce($2, labels), draining = coalesce($3, draining) WHERE id = $1 "
    "RETURNING labels, draining";
constexpr auto kLock =
    "SELECT name, labels, draining, revoked_at FROM agent WHERE id = $1 AND reaches_host($2, labels) FOR "
    "UPDATE";
constexpr auto kRevoke = "UPDATE agent SET revoked_at = now() WHERE id = $1";
constexpr auto kLabels =
    "SELECT key, value, count, sum(count) OVER (PARTITION BY key) AS of_key FROM ("
    "SELECT key, value, count(*) AS count, row_number() OVER (PARTITION BY key ORDER BY count(*) DESC, "
    "value) AS place "
    "FROM agent, jsonb_each_text(labels) WHERE revoked_at IS NULL AND reaches_host($1, labels) "
    "GROUP BY key, value) counted "
    "WHERE place <= 500 ORDER BY key, value";

std::unexpected<Error> no_agent() { return failure(ErrorCode::kNotFound, "There is no such agent."); }

// A host stays among those a person may manage: nobody hands one over to people of other scopes.
std::unexpected<Error> labels_out_of_reach() {
  const std::string message = "Your roles do not reach hosts with these labels.";
  return std::unexpected<Error>(Error{ErrorCode::kInvalid, message, {{"/labels", "out_of_scope", message}}});
}

Result<json::object> select_agent(pqxx::work& work, const Uuid& agent, const domain::Reach& reach) {
  const auto rows = db::exec(work, kShown + kOne, agent, reach.to_json());
  if (rows.empty()) return no_agent();
  return agent_json(rows[0]);
}

Result<json::object> change_agent(pqxx::work& work, const Uuid& agent, const AgentChange& change,
                                  const domain::Reach& reach, const Origin& by) {
  const auto before = db::exec(work, kLock, agent, reach.to_json());
  if (before.empty()) return no_agent();
  if (!before[0]["revoked_at"].is_null())
    return failure(ErrorCode::kConflict, "The agent is revoked; it cannot be changed any more.");
  if (change.labels && !reach.has_host(*change.labels)) return labels_out_of_reach();
  std::optional<json::object> labels;
  if (change.labels) labels = domain::to_json(*change.labels);
  const auto after = db::exec(work, kChange, agent, labels, change.draining);
  auto shown = select_agent(work, agent, reach);
  AuditEvent event{.action = "agent.update", .object_type = "agent", .object_id = agent};
  event.object_name = db::text(before[0]["name"]);
  event.add_change("labels", db::json(before[0]["labels"]), db::json(after[0]["labels"]))
      .add_change("draining", db::boolean(before[0]["draining"]), db::boolean(after[0]["draining"]));
  if (!event.changes.empty()) append_audit(work, by, event);
  return shown;
}

struct ListQuery {
  AgentFilter filter;
  std::vector<std::string> after;  // name, id; empty on the first page

  Result<json::object> operator()(pqxx::work& work) const;
};

// A selector is matched here, not in SQL: pages are read until enough matched.
Result<json::object> ListQuery::operator()(pqxx::work& work) const {
  constexpr std::size_t kBatch = 1000;
  const auto reach = filter.reach.to_json();
  json::array items;
  auto key = after;
  while (true) {
    const auto name = key.empty() ? std::optional<std::string>{} : std::optional(key[0]);
    const auto id = key.empty() ? std::optional<std::string>{} : std::optional(key[1]);
    const auto batch = filter.selector ? kBatch : filter.page.limit + 1;
    const auto rows = db::exec(work, kShown + kPage, filter.status, filter.name, name, id, batch,
                               filter.not_version, reach);
    for (const auto& row : rows) {
      if (filter.selector && !filter.selector->matches(store::labels(row["labels"]))) continue;
      if (items.size() == filter.page.limit) return page(std::move(items), encode_cursor(key));
      items.push_back(agent_json(row));
      key = {db::text(row["name"]), db::text(row["id"])};
    }
    if (static_cast<std::size_t>(rows.size()) < batch) return page(std::move(items), std::nullopt);
    const auto last = rows[rows.size() - 1];
    key = {db::text(last["name"]), db::text(last["id"])};
  }
}

json::object select_counts(pqxx::work& work, const AgentFilter& filter) {
  std::map<std::string, std::int64_t> counts{
      {"online", 0}, {"offline", 0}, {"draining", 0}, {"revoked", 0}, {"outdated", 0}};
  for (const auto& row :
       db::exec(work, kCounts, filter.name, filter.not_version.value_or(""), filter.reach.to_json())) {
    if (filter.selector && !filter.selector->matches(store::labels(row["labels"]))) continue;
    const auto count = db::integer(row["count"]);
    counts[db::text(row["status"])] += count;
    if (row["outdated"].as<bool>()) counts["outdated"] += count;
  }
  json::object answer;
  for (const auto& [word, count] : counts) answer[word] = count;
  return answer;
}

// Which of the named hosts exist. A name that is another agent's id could mean either.
class NamedHosts {
 public:
  explicit NamedHosts(const std::vector<std::string>& names) : found_(names.size(), 0) {
    for (std::size_t i = 0; i < names.size(); ++i) places_.emplace(names[i], i);
  }

  bool contains(const std::string& name, const std::string& id) {
    const bool by_name = count(name);
    const bool by_id = name != id && count(id);
    return by_name || by_id;
  }

  std::vector<Fault> faults() const {
    std::vector<Fault> faults(found_.size());
    for (const auto& [name, place] : places_) {
      auto at = fmt::format("/hosts/{}", place);
      if (found_[place] == 0) {
        faults[place] = {std::move(at), "unknown_host", fmt::format("There is no host {}.", name)};
      } else if (found_[place] > 1) {
        faults[place] = {std::move(at), "ambiguous_host",
                         fmt::format("Several hosts are meant by {}.", name)};
      }
    }
    std::erase_if(faults, [](const Fault& fault) { return fault.code.empty(); });
    return faults;
  }

 private:
  bool count(const std::string& word) {
    const auto place = places_.find(word);
    if (place == places_.end()) return false;
    ++found_[place->second];
    return true;
  }

  std::map<std::string, std::size_t> places_;
  std::vector<int> found_;
};

Result<json::object> select_matching(pqxx::work& work, const domain::Targets& targets, std::size_t limit,
                                     const domain::Reach& reach) {
  const auto selector = domain::Selector::parse(targets.selector);
  if (!selector) return std::unexpected(selector.error());
  NamedHosts named(targets.hosts);
  json::array items;
  std::int64_t matched = 0;
  std::int64_t online = 0;
  for (const auto& row : db::exec(work, kShown + kNotRevoked, reach.to_json())) {
    const bool is_named = named.contains(db::text(row["name"]), db::text(row["id"]));
    const bool selected = !targets.selector.empty() && selector->matches(store::labels(row["labels"]));
    if (!is_named && !selected) continue;
    ++matched;
    if (db::text(row["status"]) == "online") ++online;
    if (items.size() < limit) items.push_back(agent_json(row));
  }
  if (auto faults = named.faults(); !faults.empty()) {
    return std::unexpected(Error{ErrorCode::kInvalid, faults.front().message, std::move(faults)});
  }
  json::object answer;
  answer["items"] = std::move(items);
  answer["matched"] = matched;
  answer["online"] = online;
  return answer;
}

json::object select_labels(pqxx::work& work, const domain::Reach& reach) {
  json::array keys;
  for (const auto& row : db::exec(work, kLabels, reach.to_json())) {
    const auto key = db::text(row["key"]);
    if (keys.empty() || keys.back().as_object().at("key").as_string() != key) {
      keys.push_back(
          json::object{{"key", key}, {"count", db::integer(row["of_key"])}, {"values", json::array{}}});
    }
    json::object value{{"value", db::text(row["value"])}, {"count", db::integer(row["count"])}};
    keys.back().as_object().at("values").as_array().push_back(std::move(value));
  }
  return page(std::move(keys), std::nullopt);
}

}  // namespace

json::object agent_json(const pqxx::row& row) {
  json::object agent;
  agent["id"] = db::text(row["id"]);
  agent["host"] = db::text(row["name"]);
  agent["labels"] = db::json(row["labels"]);
  agent["status"] = db::text(row["status"]);
  agent["version"] = db::text(row["version"]);
  agent["os"] = db::text(row["os"]);
  agent["arch"] = db::text(row["arch"]);
  agent["last_seen"] = json_or_null(db::optional_time(row["last_seen"]));
  agent["enrolled_at"] = rfc3339(db::time(row["enrolled_at"]));
  agent["certificate_until"] = rfc3339(db::time(row["certificate_until"]));
  agent["revoked_at"] = json_or_null(db::optional_time(row["revoked_at"]));
  agent["running"] = db::integer(row["running"]);
  return agent;
}

awaitable<Result<json::object>> AgentViewStore::list(AgentFilter filter) {
  ListQuery query{std::move(filter), {}};
  if (query.filter.page.cursor) {
    auto key = decode_cursor(*query.filter.page.cursor, 2);
    if (!key) co_return std::unexpected(key.error());
    if (!Uuid::parse(key->back())) co_return bad_cursor();
    query.after = std::move(*key);
  }
  co_return co_await database_.transact("agent.list", std::move(query));
}

awaitable<json::object> AgentViewStore::counts(AgentFilter filter) {
  auto read = [filter = std::move(filter)](pqxx::work& work) { return select_counts(work, filter); };
  co_return co_await database_.transact("agent.counts", std::move(read));
}

awaitable<Result<json::object>> AgentViewStore::get(Uuid agent, Reach reach) {
  auto read = [agent, reach = std::move(reach)](pqxx::work& work) {
    return select_agent(work, agent, reach);
  };
  co_return co_await database_.transact("agent.get", std::move(read));
}

awaitable<Result<json::object>> AgentViewStore::change(Uuid agent, AgentChange change, Reach reach,
                                                       Origin by) {
  auto write = [agent, change = std::move(change), reach = std::move(reach), by = std::move(by)](
                   pqxx::work& work) { return change_agent(work, agent, change, reach, by); };
  co_return co_await database_.transact("agent.change", std::move(write));
}

awaitable<Result<void>> AgentViewStore::revoke(Uuid agent, Reach reach, Origin by) {
  auto write = [agent, reach = std::move(reach), by = std::move(by)](pqxx::work& work) -> Result<void> {
    const auto before = db::exec(work, kLock, agent, reach.to_json());
    if (before.empty()) return no_agent();
    if (!before[0]["revoked_at"].is_null()) return {};
    db::exec(work, kRevoke, agent);
    AuditEvent event{.action = "agent.revoke", .object_type = "agent", .object_id = agent};
    event.object_name = db::text(before[0]["name"]);
    append_audit(work, by, event.add_change("revoked", false, true));
    return {};
  };
  co_return co_await database_.transact("agent.revoke", std::move(write));
}

awaitable<Result<json::object>> AgentViewStore::match(domain::Targets targets, std::size_t limit,
                                                      Reach reach) {
  auto read = [targets = std::move(targets), limit, reach = std::move(reach)](pqxx::work& work) {
    return select_matching(work, targets, limit, reach);
  };
  co_return co_await database_.transact("agent.match", std::move(read));
}

awaitable<json::object> AgentViewStore::labels(Reach reach) {
  auto read = [reach = std::move(reach)](pqxx::work& work) { return select_labels(work, reach); };
  co_return co_await database_.transact("agent.labels", std::move(read));
}

}  // namespace runbook::store
