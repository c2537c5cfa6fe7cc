// SealedValueStore: what executions keep sealed, for sealing it anew with another key: values of secret
// parameters and what was substituted from them. This layer has no key. On the controller's I/O thread;
// queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct SealedValue {
  Uuid record;       // an execution, or a step
  std::string name;  // of the execution's parameter, empty for what was substituted in the step
  std::string sealed;
};

class SealedValueStore {
 public:
  explicit SealedValueStore(db::Database& database) : database_(database) {}

  // Those after `after` in the order of records and names; of executions that go on, or of all.
  enum class Of { kOpen, kAll };
  boost::asio::awaitable<std::vector<SealedValue>> page(Of which, std::optional<SealedValue> after,
                                                        std::size_t limit);
  // Whether it was still as it was read: what changed meanwhile is left alone.
  boost::asio::awaitable<bool> reseal(SealedValue was, std::string sealed);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
