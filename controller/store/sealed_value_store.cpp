#include "controller/store/sealed_value_store.hpp"

#include <utility>

#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {

using boost::asio::awaitable;

namespace {

constexpr auto kPage =
    "SELECT record, v.name, sealed FROM ("
    "SELECT execution_id AS record, name, sealed, execution_id AS execution FROM execution_secret UNION ALL "
    "SELECT id, '', frozen ->> 'sealed', job_id FROM execution_step WHERE frozen ->> 'sealed' IS NOT NULL) v "
    "JOIN execution e ON e.id = v.execution "
    "WHERE ($1::uuid IS NULL OR (record, v.name) > ($1, $2)) "
    "AND ($4 OR e.status NOT IN ('completed', 'failed', 'stopped')) ORDER BY record, v.name LIMIT $3";
constexpr auto kResealParameter =
    "UPDATE execution_secret SET sealed = $3 WHERE execution_id = $1 AND name = $2 AND sealed = $4";
constexpr auto kResealStep =
    "UPDATE execution_step SET frozen = jsonb_set(frozen::jsonb, '{sealed}', to_jsonb($2::text))::json "
    "WHERE id = $1 AND frozen ->> 'sealed' = $3";

}  // namespace

awaitable<std::vector<SealedValue>> SealedValueStore::page(Of which, std::optional<SealedValue> after,
                                                           std::size_t limit) {
  std::optional<Uuid> record;
  std::string name;
  if (after) {
    record = after->record;
    name = std::move(after->name);
  }
  auto read = [record, name = std::move(name), limit, all = which == Of::kAll](pqxx::work& work) {
    std::vector<SealedValue> found;
    for (const auto& row : db::exec(work, kPage, record, name, limit, all)) {
      found.push_back({db::uuid(row[0]), db::text(row[1]), db::text(row[2])});
    }
    return found;
  };
  co_return co_await database_.transact("sealed_values", std::move(read));
}

awaitable<bool> SealedValueStore::reseal(SealedValue was, std::string sealed) {
  auto write = [was = std::move(was), sealed = std::move(sealed)](pqxx::work& work) {
    const auto rows = was.name.empty()
                          ? db::exec(work, kResealStep, was.record, sealed, was.sealed)
                          : db::exec(work, kResealParameter, was.record, was.name, sealed, was.sealed);
    return rows.affected_rows() == 1;
  };
  co_return co_await database_.transact("sealed_value.reseal", std::move(write));
}

}  // namespace runbook::store
