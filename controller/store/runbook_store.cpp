#include "controller/store/runbook_store.hpp"

#include <fmt/format.h>

#include <utility>

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
    "SELECT version_number FROM runbook WHERE id = $1 AND deleted_at IS NULL FOR UPDATE";
constexpr auto kVersionNumber = "SELECT version_number FROM runbook WHERE id = $1 AND deleted_at IS NULL";
constexpr auto kDelete = "UPDATE runbook SET deleted_at = now() WHERE id = $1";
constexpr auto kOldContent =
    "SELECT content, version_number, source_yaml FROM runbook_version WHERE runbook_id = $1 AND id = $2";
constexpr auto kSourceYaml = "SELECT source_yaml FROM runbook_version WHERE id = $1";

// The row stays locked until the transaction ends, so that two saves cannot make the same number.
Result<int> lock(pqxx::work& work, const Uuid& runbook, std::optional<int> expected) {
  const auto rows = db::exec(work, kLockRunbook, runbook);
  if (rows.empty()) return no_runbook();
  const int number = static_cast<int>(db::integer(rows[0][0]));
  if (expected && *expected != number) {
    return failure(
        ErrorCode::kPreconditionFailed,
        fmt::format("The runbook is at version {} now: load it and apply the change there.", number));
  }
  return number;
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

awaitable<json::object> RunbookStore::create(NewVersion version) {
  const Uuid id = runtime::new_uuid();
  auto insert = [id, version = std::move(version)](pqxx::work& work) {
    const auto content = content_of(version);
    db::exec(work, kInsertRunbook, id, version.content.title, version.content.description,
             content.document.at("labels"), version.person);
    insert_version(work, id, 1, content);
    return *select_runbook(work, id);
  };
  co_return co_await database_.transact("runbook.create", std::move(insert));
}

awaitable<Result<json::object>> RunbookStore::get(Uuid runbook) {
  auto read = [runbook](pqxx::work& work) { return select_runbook(work, runbook); };
  co_return co_await database_.transact("runbook.get", std::move(read));
}

awaitable<Result<int>> RunbookStore::version_number(Uuid runbook) {
  auto read = [runbook](pqxx::work& work) -> Result<int> {
    const auto rows = db::exec(work, kVersionNumber, runbook);
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
                                                     std::optional<int> expected) {
  auto write = [runbook, expected, version = std::move(version)](pqxx::work& work) -> Result<json::object> {
    const auto number = lock(work, runbook, expected);
    if (!number) return std::unexpected(number.error());
    add_version(work, runbook, *number + 1, content_of(version));
    return select_runbook(work, runbook);
  };
  co_return co_await database_.transact("runbook.update", std::move(write));
}

awaitable<Result<void>> RunbookStore::remove(Uuid runbook, std::optional<int> expected) {
  auto write = [runbook, expected](pqxx::work& work) -> Result<void> {
    const auto number = lock(work, runbook, expected);
    if (!number) return std::unexpected(number.error());
    db::exec(work, kDelete, runbook);
    return {};
  };
  co_return co_await database_.transact("runbook.delete", std::move(write));
}

awaitable<Result<json::object>> RunbookStore::rollback(Uuid runbook, Uuid version, Uuid person,
                                                       std::string message, std::optional<int> expected) {
  auto write = [=, message = std::move(message)](pqxx::work& work) -> Result<json::object> {
    const auto number = lock(work, runbook, expected);
    if (!number) return std::unexpected(number.error());
    const auto rows = db::exec(work, kOldContent, runbook, version);
    if (rows.empty()) return no_version();
    const auto note =
        message.empty() ? fmt::format("Rolled back to version {}", db::integer(rows[0][1])) : message;
    add_version(work, runbook, *number + 1,
                {db::json(rows[0][0]).as_object(), note, person, db::optional_text(rows[0][2])});
    return select_runbook(work, runbook);
  };
  co_return co_await database_.transact("runbook.rollback", std::move(write));
}

}  // namespace runbook::store
