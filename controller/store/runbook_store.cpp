#include "controller/store/runbook_store.hpp"

#include <fmt/format.h>

#include <utility>

#include "controller/domain/targets.hpp"
#include "controller/store/audit_rows.hpp"
#include "controller/store/runbook_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::store {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr auto kInsertRunbook =
    "INSERT INTO runbook (id, title, description, labels, version_number, created_by) VALUES ($1, $2, $3, "
    "$4, 1, $5)";
constexpr auto kInsertVersion =
    "INSERT INTO runbook_version (id, runbook_id, version_number, content, message, created_by, source_yaml) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";
constexpr auto kUpdateRunbook =
    "UPDATE runbook SET title = $2, description = $3, labels = $4, version_number = $5, updated_at = now() "
    "WHERE id = $1";
constexpr auto kLockRunbook =
    "SELECT version_number, title, description, labels FROM runbook WHERE id = $1 AND deleted_at IS NULL "
    "AND reaches_runbook($2, labels) FOR UPDATE";
constexpr auto kVersionNumber =
    "SELECT version_number FROM runbook WHERE id = $1 AND deleted_at IS NULL AND reaches_runbook($2, labels)";
constexpr auto kDelete = "UPDATE runbook SET deleted_at = now() WHERE id = $1";
constexpr auto kOldContent =
    "SELECT content, version_number, source_yaml FROM runbook_version WHERE runbook_id = $1 AND id = $2";
constexpr auto kSourceYaml = "SELECT source_yaml FROM runbook_version WHERE id = $1";

// What of a runbook the audit trail shows before and after; the rest is in its versions.
struct Shown {
  json::value version_number = nullptr;
  json::value title = nullptr;
  json::value description = nullptr;
  json::value labels = nullptr;
};

// A runbook before it is changed.
struct Locked {
  int number = 0;
  Shown shown;
};

// The row stays locked until the transaction ends, so that two saves cannot make the same number.
Result<Locked> lock(pqxx::work& work, const Uuid& runbook, std::optional<int> expected,
                    const domain::Reach& reach) {
  const auto rows = db::exec(work, kLockRunbook, runbook, reach.to_json());
  if (rows.empty()) return no_runbook();
  const auto& row = rows[0];
  const int number = static_cast<int>(db::integer(row[0]));
  if (expected && *expected != number) {
    return failure(
        ErrorCode::kPreconditionFailed,
        fmt::format("The runbook is at version {} now: load it and apply the change there.", number));
  }
  return Locked{number,
                {number, json::value(db::text(row[1])), json::value(db::text(row[2])), db::json(row[3])}};
}

Shown shown(int number, const json::object& content) {
  return {number, content.at("title"), content.at("description"), content.at("labels")};
}

void tell(pqxx::work& work, const Origin& by, std::string_view action, const Uuid& runbook,
          const Shown& before, const Shown& after, const std::string& message = "") {
  AuditEvent event{.action = action, .object_type = "runbook", .object_id = runbook};
  event.object_name = (after.title.is_null() ? before : after).title.as_string();
  if (!message.empty()) event.reason = message;
  event.add_change("version_number", before.version_number, after.version_number)
      .add_change("title", before.title, after.title)
      .add_change("description", before.description, after.description)
      .add_change("labels", before.labels, after.labels);
  append_audit(work, by, event);
}

// A version as it is stored.
struct VersionContent {
  json::object document;
  std::string message;
  Uuid person;
  std::optional<std::string> source_yaml;
};

VersionContent content_of(const NewVersion& version) {
  return {domain::to_json(version.content), version.message, version.person, version.source_yaml};
}

domain::Labels labels_of(const json::value& value) {
  domain::Faults faults;
  return domain::read_labels(value, "/labels", faults);
}

void insert_version(pqxx::work& work, const Uuid& runbook, int number, const VersionContent& version) {
  db::exec(work, kInsertVersion, runtime::new_uuid(), runbook, number, version.document, version.message,
           version.person, version.source_yaml);
}

void add_version(pqxx::work& work, const Uuid& runbook, int number, const VersionContent& version) {
  insert_version(work, runbook, number, version);
  const auto& content = version.document;
  db::exec(work, kUpdateRunbook, runbook, std::string(content.at("title").as_string()),
           std::string(content.at("description").as_string()), content.at("labels"), number);
}

}  // namespace

Result<void> judge_labels(const domain::Labels& labels, const domain::Reach& reach) {
  if (reach.has_runbook(labels)) return {};
  const std::string message = "Your roles do not reach runbooks with these labels.";
  return std::unexpected<Error>(Error{ErrorCode::kInvalid, message, {{"/labels", "out_of_scope", message}}});
}

awaitable<Result<json::object>> RunbookStore::create(NewVersion version, Reach reach, Origin by) {
  if (auto judged = judge_labels(version.content.labels, reach); !judged) {
    co_return std::unexpected(judged.error());
  }
  const Uuid id = runtime::new_uuid();
  auto insert = [id, version = std::move(version), by = std::move(by)](pqxx::work& work) {
    const auto content = content_of(version);
    db::exec(work, kInsertRunbook, id, version.content.title, version.content.description,
             content.document.at("labels"), version.person);
    insert_version(work, id, 1, content);
    auto made = *select_runbook(work, id, Reach::everything());
    tell(work, by, "runbook.create", id, {}, shown(1, content.document), version.message);
    return made;
  };
  co_return co_await database_.transact("runbook.create", std::move(insert));
}

awaitable<Result<json::object>> RunbookStore::get(Uuid runbook, Reach reach) {
  auto read = [runbook, reach = std::move(reach)](pqxx::work& work) {
    return select_runbook(work, runbook, reach);
  };
  co_return co_await database_.transact("runbook.get", std::move(read));
}

awaitable<Result<int>> RunbookStore::version_number(Uuid runbook, Reach reach) {
  auto read = [runbook, reach = reach.to_json()](pqxx::work& work) -> Result<int> {
    const auto rows = db::exec(work, kVersionNumber, runbook, reach);
    if (rows.empty()) return no_runbook();
    return static_cast<int>(db::integer(rows[0][0]));
  };
  co_return co_await database_.transact("runbook.version_number", std::move(read));
}

awaitable<std::optional<std::string>> RunbookStore::source_yaml(Uuid version) {
  auto read = [version](pqxx::work& work) -> std::optional<std::string> {
    const auto rows = db::exec(work, kSourceYaml, version);
    if (rows.empty()) return std::nullopt;
    return db::optional_text(rows[0][0]);
  };
  co_return co_await database_.transact("runbook.source_yaml", std::move(read));
}

awaitable<Result<json::object>> RunbookStore::update(Uuid runbook, NewVersion version,
                                                     std::optional<int> expected, Reach reach, Origin by) {
  auto write = [runbook, expected, version = std::move(version), reach = std::move(reach),
                by = std::move(by)](pqxx::work& work) -> Result<json::object> {
    const auto locked = lock(work, runbook, expected, reach);
    if (!locked) return std::unexpected(locked.error());
    if (auto judged = judge_labels(version.content.labels, reach); !judged) {
      return std::unexpected(judged.error());
    }
    const int number = locked->number + 1;
    const auto content = content_of(version);
    add_version(work, runbook, number, content);
    auto made = select_runbook(work, runbook, reach);
    tell(work, by, "runbook.update", runbook, locked->shown, shown(number, content.document),
         version.message);
    return made;
  };
  co_return co_await database_.transact("runbook.update", std::move(write));
}

awaitable<Result<void>> RunbookStore::remove(Uuid runbook, std::optional<int> expected, Reach reach,
                                             Origin by) {
  auto write = [runbook, expected, reach = std::move(reach),
                by = std::move(by)](pqxx::work& work) -> Result<void> {
    const auto locked = lock(work, runbook, expected, reach);
    if (!locked) return std::unexpected(locked.error());
    db::exec(work, kDelete, runbook);
    tell(work, by, "runbook.delete", runbook, locked->shown, {});
    return {};
  };
  co_return co_await database_.transact("runbook.delete", std::move(write));
}

awaitable<Result<json::object>> RunbookStore::rollback(Uuid runbook, Uuid version, Uuid person,
                                                       std::string message, std::optional<int> expected,
                                                       Reach reach, Origin by) {
  auto write = [=, message = std::move(message), reach = std::move(reach),
                by = std::move(by)](pqxx::work& work) -> Result<json::object> {
    const auto locked = lock(work, runbook, expected, reach);
    if (!locked) return std::unexpected(locked.error());
    const auto rows = db::exec(work, kOldContent, runbook, version);
    if (rows.empty()) return no_version();
    const auto note =
        message.empty() ? fmt::format("Rolled back to version {}", db::integer(rows[0][1])) : message;
    const int number = locked->number + 1;
    const auto content = db::json(rows[0][0]).as_object();
    if (auto judged = judge_labels(labels_of(content.at("labels")), reach); !judged) {
      return std::unexpected(judged.error());
    }
    add_version(work, runbook, number, {content, note, person, db::optional_text(rows[0][2])});
    auto made = select_runbook(work, runbook, reach);
    tell(work, by, "runbook.rollback", runbook, locked->shown, shown(number, content), note);
    return made;
  };
  co_return co_await database_.transact("runbook.rollback", std::move(write));
}

}  // namespace runbook::store
