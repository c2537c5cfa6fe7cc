#include "controller/store/audit_store.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <utility>

#include "controller/store/audit_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::store {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

// One writer at a time, in all controllers. Of its own statement: what is read next must be as the writer
// before left it.
constexpr auto kLock = "SELECT pg_advisory_xact_lock(7305164829113)";
constexpr auto kEnd =
    "SELECT clock_timestamp(), e.id, e.mac FROM (SELECT) one LEFT JOIN "
    "(SELECT id, mac FROM audit_event ORDER BY id DESC LIMIT 1) e ON true";
constexpr auto kInsert =
    "INSERT INTO audit_event (id, at, person_id, person, key_id, key_name, action, object_type, object_id, "
    "object_name, result, reason, address, request_id, changes, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
    "$9, $10, $11, $12, $13, $14, $15, $16)";
constexpr auto kColumns =
    "SELECT id, at, person_id, person, key_id, key_name, action, object_type, object_id, object_name, "
    "result, reason, address, request_id, changes, mac FROM audit_event ";
constexpr auto kMatching =
    "WHERE ($1::text IS NULL OR person = $1 OR person_id::text = lower($1)) "
    "AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR object_type = $3) "
    "AND ($4::uuid IS NULL OR object_id = $4) AND ($5::text IS NULL OR result = $5) "
    "AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7) ";
constexpr auto kNewest = "AND id < $8 ORDER BY id DESC LIMIT $9";
constexpr auto kOldest = "AND id > $8 ORDER BY id LIMIT $9";
constexpr auto kChain = "WHERE id > $1 ORDER BY id LIMIT $2";
constexpr auto kHead =
    "SELECT id, mac, id - (SELECT min(id) FROM audit_event) + 1, clock_timestamp() FROM audit_event "
    "ORDER BY id DESC LIMIT 1";

std::optional<std::string> text_of(const std::optional<Uuid>& id) {
  if (!id) return std::nullopt;
  return id->str();
}

json::object event_json(const AuditRow& row) {
  json::object event;
  event["id"] = row.id;
  event["at"] = rfc3339(row.at);
  event["person_id"] = json_or_null(row.person_id);
  event["person"] = json_or_null(row.person);
  event["key_id"] = json_or_null(row.key_id);
  event["key_name"] = json_or_null(row.key_name);
  event["action"] = row.action;
  event["object_type"] = row.object_type;
  event["object_id"] = json_or_null(row.object_id);
  event["object_name"] = json_or_null(row.object_name);
  event["result"] = row.result;
  event["reason"] = json_or_null(row.reason);
  event["address"] = json_or_null(row.address);
  event["request_id"] = json_or_null(row.request_id);
  event["changes"] = row.changes ? json::parse(*row.changes) : json::value(nullptr);
  return event;
}

std::vector<AuditRow> select(pqxx::work& work, const AuditFilter& filter, const char* order,
                             std::int64_t bound, std::size_t limit) {
  std::vector<AuditRow> rows;
  const auto sql = fmt::format("{}{}{}", kColumns, kMatching, order);
  for (const auto& row :
       db::exec(work, sql, filter.person, filter.action, filter.object_type, filter.object_id, filter.result,
                filter.since, filter.until, bound, limit)) {
    rows.push_back(audit_row(row));
  }
  return rows;
}

Result<std::int64_t> before_of(const std::optional<std::string>& cursor) {
  if (!cursor) return std::numeric_limits<std::int64_t>::max();
  const auto key = decode_cursor(*cursor, 1);
  if (!key) return std::unexpected(key.error());
  std::int64_t before = 0;
  const auto& text = key->front();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), before);
  if (error != std::errc{} || end != text.data() + text.size()) return bad_cursor();
  return before;
}

}  // namespace

AuditRow audit_row(const pqxx::row& row) {
  return {.id = db::integer(row[0]),
          .at = db::time(row[1]),
          .person_id = db::optional_text(row[2]),
          .person = db::optional_text(row[3]),
          .key_id = db::optional_text(row[4]),
          .key_name = db::optional_text(row[5]),
          .action = db::text(row[6]),
          .object_type = db::text(row[7]),
          .object_id = db::optional_text(row[8]),
          .object_name = db::optional_text(row[9]),
          .result = db::text(row[10]),
          .reason = db::optional_text(row[11]),
          .address = db::optional_text(row[12]),
          .request_id = db::optional_text(row[13]),
          .changes = db::optional_text(row[14])};
}

void append_audit(pqxx::work& work, const Origin& by, const AuditEvent& event) {
  db::exec(work, kLock);
  const auto end = db::exec(work, kEnd);
  const bool first = end[0][1].is_null();
  AuditRow row{.id = first ? 1 : db::integer(end[0][1]) + 1,
               .at = db::time(end[0][0]),
               .person_id = text_of(by.person_id),
               .person = by.person,
               .key_id = text_of(by.key_id),
               .key_name = by.key_name,
               .action = std::string(event.action),
               .object_type = std::string(event.object_type),
               .object_id = text_of(event.object_id),
               .object_name = event.object_name,
               .result = event.result == AuditResult::kDone ? "done" : "refused",
               .reason = event.reason,
               .address = by.address,
               .request_id = by.request_id};
  if (!event.changes.empty()) row.changes = json::serialize(event.changes);
  const auto mac = by.trail->mac(first ? std::string() : db::bytes(end[0][2]), row);
  db::exec(work, kInsert, row.id, row.at, row.person_id, row.person, row.key_id, row.key_name, row.action,
           row.object_type, row.object_id, row.object_name, row.result, row.reason, row.address,
           row.request_id, row.changes, db::Bytes{mac});
}

awaitable<void> AuditStore::refused(Origin by, AuditEvent event) {
  event.result = AuditResult::kRefused;
  const auto source = by.key_id ? by.key_id->str() : by.address.value_or("");
  const auto most = by.key_id ? limits::kAuditRefusalsOfKey : limits::kAuditRefusalsOfNobody;
  const auto untold = flood_.count(source, most);
  if (!untold) co_return;
  if (*untold > 0) {
    event.reason = fmt::format("{} {} more {} were not told one by one.", event.reason.value_or(""), *untold,
                               by.key_id ? "of this key" : "from here");
  }
  auto write = [by = std::move(by), event = std::move(event)](pqxx::work& work) {
    append_audit(work, by, event);
  };
  co_await database_.transact("audit.refused", std::move(write));
}

awaitable<Result<json::object>> AuditStore::list(AuditFilter filter, PageRequest request) {
  const auto before = before_of(request.cursor);
  if (!before) co_return std::unexpected(before.error());
  auto read = [filter = std::move(filter), before = *before, limit = request.limit](pqxx::work& work) {
    const auto rows = select(work, filter, kNewest, before, limit + 1);
    json::array items;
    for (const auto& row : rows) {
      if (items.size() == limit) {
        const auto last = items.back().at("id").as_int64();
        return page(std::move(items), encode_cursor({std::to_string(last)}));
      }
      items.push_back(event_json(row));
    }
    return page(std::move(items), std::nullopt);
  };
  co_return co_await database_.transact("audit.list", std::move(read));
}

awaitable<std::vector<json::object>> AuditStore::after(AuditFilter filter, std::int64_t after,
                                                       std::size_t limit) {
  auto read = [filter = std::move(filter), after, limit](pqxx::work& work) {
    std::vector<json::object> events;
    for (const auto& row : select(work, filter, kOldest, after, limit)) events.push_back(event_json(row));
    return events;
  };
  co_return co_await database_.transact("audit.export", std::move(read));
}

awaitable<std::vector<ChainedRow>> AuditStore::chain(std::int64_t after, std::size_t limit) {
  auto read = [after, limit](pqxx::work& work) {
    std::vector<ChainedRow> rows;
    for (const auto& row : db::exec(work, std::string(kColumns) + kChain, after, limit)) {
      rows.push_back({audit_row(row), db::bytes(row[15])});
    }
    return rows;
  };
  co_return co_await database_.transact("audit.chain", std::move(read));
}

awaitable<std::optional<AuditHead>> AuditStore::head() {
  auto read = [](pqxx::work& work) -> std::optional<AuditHead> {
    const auto rows = db::exec(work, kHead);
    if (rows.empty()) return std::nullopt;
    return AuditHead{db::integer(rows[0][0]), db::integer(rows[0][2]), db::bytes(rows[0][1]),
                     db::time(rows[0][3])};
  };
  co_return co_await database_.transact("audit.head", std::move(read));
}

}  // namespace runbook::store
