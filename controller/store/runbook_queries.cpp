// The reading half of RunbookStore.
#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <map>
#include <utility>

#include "controller/store/agent_rows.hpp"
#include "controller/store/runbook_rows.hpp"
#include "controller/store/runbook_store.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

// One list of columns for every query, so that one function reads them all.
constexpr auto kColumns =
    "SELECT r.id, r.title, r.description, r.labels, r.created_by, author.name, r.created_at, r.updated_at, "
    "v.id, v.version_number, v.created_at, v.created_by, editor.name, v.message, lower(r.title)";
constexpr auto kTables =
    " FROM runbook r JOIN runbook_version v ON v.runbook_id = r.id JOIN person author ON author.id = "
    "r.created_by "
    "JOIN person editor ON editor.id = v.created_by ";
constexpr auto kNewest = "WHERE v.version_number = r.version_number AND r.deleted_at IS NULL ";
constexpr auto kVersions =
    "SELECT v.id, v.version_number, v.created_at, v.created_by, p.name, v.message FROM runbook_version v "
    "JOIN person p ON p.id = v.created_by JOIN runbook r ON r.id = v.runbook_id "
    "WHERE v.runbook_id = $1 AND r.deleted_at IS NULL AND reaches_runbook($4, r.labels) "
    "AND v.version_number < $2 ORDER BY v.version_number DESC LIMIT $3";
constexpr auto kExists =
    "SELECT FROM runbook WHERE id = $1 AND deleted_at IS NULL AND reaches_runbook($2, labels)";
constexpr int kContentColumn = 15;
constexpr int kSortColumn = 14;

json::object version_json(const pqxx::row& row, int first, const std::string& runbook) {
  json::object version;
  version["id"] = db::text(row[first]);
  version["runbook_id"] = runbook;
  version["version_number"] = db::integer(row[first + 1]);
  version["created_at"] = rfc3339(db::time(row[first + 2]));
  version["created_by"] = db::text(row[first + 3]);
  version["created_by_name"] = db::text(row[first + 4]);
  version["message"] = db::text(row[first + 5]);
  return version;
}

json::object summary_json(const pqxx::row& row) {
  json::object runbook;
  const auto id = db::text(row[0]);
  runbook["id"] = id;
  runbook["title"] = db::text(row[1]);
  runbook["description"] = db::text(row[2]);
  runbook["labels"] = db::json(row[3]);
  runbook["created_by"] = db::text(row[4]);
  runbook["created_by_name"] = db::text(row[5]);
  runbook["created_at"] = rfc3339(db::time(row[6]));
  runbook["updated_at"] = rfc3339(db::time(row[7]));
  runbook["version"] = version_json(row, 8, id);
  return runbook;
}

// Title, description and labels come from the version: they are part of what was saved.
json::object whole_json(const pqxx::row& row) {
  auto runbook = summary_json(row);
  const auto content = db::json(row[kContentColumn]);
  for (const auto& entry : content.as_object()) runbook[entry.key()] = entry.value();
  return runbook;
}

struct ListQuery {
  RunbookFilter filter;
  std::vector<std::string> after;  // lower title, id; empty on the first page

  Result<json::object> operator()(pqxx::work& work) const;
};

constexpr auto kListed =
    "AND ($1::text IS NULL OR position(lower($1) in lower(r.title)) > 0) "
    "AND ($2::text IS NULL OR (lower(r.title), r.id) > ($2, $3::uuid)) "
    "AND ($5::text IS NULL OR position(lower($5) in lower(r.title)) > 0 "
    "OR position(lower($5) in lower(r.description)) > 0 OR position(lower($5) in v.commands) > 0 "
    "OR EXISTS (SELECT FROM jsonb_each_text(r.labels) l "
    "WHERE position(lower($5) in lower(l.key || '=' || l.value)) > 0)) "
    "AND ($6::uuid IS NULL OR r.created_by = $6) "
    "AND ($7::text IS NULL OR (SELECT e.status FROM execution e WHERE e.runbook_id = r.id "
    "AND reaches_execution($8, r.id, e.id) ORDER BY e.created_at DESC, e.id DESC LIMIT 1) = $7) "
    "AND reaches_runbook($8, r.labels) ORDER BY lower(r.title), r.id LIMIT $4";

constexpr auto kRecent =
    "SELECT r.id AS runbook, e.id, e.status, e.start_time, e.end_time FROM unnest($1::uuid[]) r(id) "
    "CROSS JOIN LATERAL (SELECT id, status, start_time, end_time, created_at FROM execution "
    "WHERE runbook_id = r.id AND reaches_execution($3, runbook_id, id) "
    "ORDER BY created_at DESC, id DESC LIMIT $2) e "
    "ORDER BY r.id, e.created_at DESC, e.id DESC";
constexpr std::size_t kRecentExecutions = 14;

void add_recent(pqxx::work& work, json::array& items, const json::value& reach) {
  std::vector<std::string> ids;
  std::map<std::string, json::object*> runbooks;
  for (auto& item : items) {
    auto& runbook = item.as_object();
    runbook["last_execution"] = nullptr;
    runbook["recent"] = json::array();
    ids.emplace_back(runbook.at("id").as_string());
    runbooks[ids.back()] = &runbook;
  }
  for (const auto& row : db::exec(work, kRecent, ids, kRecentExecutions, reach)) {
    auto& runbook = *runbooks.at(db::text(row["runbook"]));
    json::object execution{{"id", db::text(row["id"])}, {"status", db::text(row["status"])}};
    runbook.at("recent").as_array().push_back(execution);
    if (!runbook.at("last_execution").is_null()) continue;
    execution["start_time"] = json_or_null(db::optional_time(row["start_time"]));
    execution["end_time"] = json_or_null(db::optional_time(row["end_time"]));
    runbook["last_execution"] = std::move(execution);
  }
}

json::object runbook_page(pqxx::work& work, json::array items, const std::optional<std::string>& next,
                          const json::value& reach) {
  add_recent(work, items, reach);
  return page(std::move(items), next);
}

// A selector is matched here, not in SQL: pages are read until enough matched.
Result<json::object> ListQuery::operator()(pqxx::work& work) const {
  constexpr std::size_t kBatch = 500;
  const std::string sql = fmt::format("{}{}{} {}", kColumns, kTables, kNewest, kListed);
  json::array items;
  const auto reach = filter.reach.to_json();
  auto key = after;
  while (true) {
    const auto title = key.empty() ? std::optional<std::string>{} : std::optional(key[0]);
    const auto id = key.empty() ? std::optional<std::string>{} : std::optional(key[1]);
    const auto batch = filter.selector ? kBatch : filter.page.limit + 1;
    const auto rows = db::exec(work, sql, filter.title, title, id, batch, filter.text, filter.created_by,
                               filter.last_status, reach);
    for (const auto& row : rows) {
      if (filter.selector && !filter.selector->matches(labels(row[3]))) continue;
      if (items.size() == filter.page.limit) {
        return runbook_page(work, std::move(items), encode_cursor(key), reach);
      }
      items.push_back(summary_json(row));
      key = {db::text(row[kSortColumn]), db::text(row[0])};
    }
    if (static_cast<std::size_t>(rows.size()) < batch) {
      return runbook_page(work, std::move(items), std::nullopt, reach);
    }
    const auto& last = rows[rows.size() - 1];
    key = {db::text(last[kSortColumn]), db::text(last[0])};
  }
}

}  // namespace

std::unexpected<Error> no_runbook() { return failure(ErrorCode::kNotFound, "There is no such runbook."); }
std::unexpected<Error> no_version() {
  return failure(ErrorCode::kNotFound, "The runbook has no such version.");
}

Result<json::object> select_runbook(pqxx::work& work, const Uuid& runbook, const domain::Reach& reach) {
  const auto sql = fmt::format("{}, v.content{}{} AND r.id = $1 AND reaches_runbook($2, r.labels)", kColumns,
                               kTables, kNewest);
  const auto rows = db::exec(work, sql, runbook, reach.to_json());
  if (rows.empty()) return no_runbook();
  return whole_json(rows[0]);
}

awaitable<Result<json::object>> RunbookStore::list(RunbookFilter filter) {
  ListQuery query{std::move(filter), {}};
  if (query.filter.page.cursor) {
    auto key = decode_cursor(*query.filter.page.cursor, 2);
    if (!key) co_return std::unexpected(key.error());
    if (!Uuid::parse(key->back())) co_return bad_cursor();
    query.after = std::move(*key);
  }
  co_return co_await database_.transact("runbook.list", std::move(query));
}

awaitable<Result<json::object>> RunbookStore::versions(Uuid runbook, PageRequest request, Reach reach) {
  std::int64_t before = std::numeric_limits<std::int32_t>::max();
  if (request.cursor) {
    const auto key = decode_cursor(*request.cursor, 1);
    if (!key) co_return std::unexpected(key.error());
    const auto& text = key->front();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), before);
    if (error != std::errc{} || end != text.data() + text.size()) co_return bad_cursor();
  }
  auto read = [runbook, before, limit = request.limit,
               reach = reach.to_json()](pqxx::work& work) -> Result<json::object> {
    const auto rows = db::exec(work, kVersions, runbook, before, limit + 1, reach);
    if (rows.empty() && db::exec(work, kExists, runbook, reach).empty()) return no_runbook();
    json::array items;
    for (const auto& row : rows) {
      if (items.size() == limit) {
        const auto& last = items.back().as_object().at("version_number");
        return page(std::move(items), encode_cursor({std::to_string(last.as_int64())}));
      }
      items.push_back(version_json(row, 0, runbook.str()));
    }
    return page(std::move(items), std::nullopt);
  };
  co_return co_await database_.transact("runbook.versions", std::move(read));
}

awaitable<Result<json::object>> RunbookStore::version(Uuid runbook, Uuid version, Reach reach) {
  auto read = [runbook, version, reach = reach.to_json()](pqxx::work& work) -> Result<json::object> {
    const auto sql = fmt::format(
        "{}, v.content{} WHERE r.id = $1 AND v.id = $2 AND r.deleted_at IS NULL "
        "AND reaches_runbook($3, r.labels)",
        kColumns, kTables);
    const auto rows = db::exec(work, sql, runbook, version, reach);
    if (rows.empty()) return no_version();
    return whole_json(rows[0]);
  };
  co_return co_await database_.transact("runbook.version", std::move(read));
}

}  // namespace runbook::store
