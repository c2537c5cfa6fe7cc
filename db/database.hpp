// Database: a bounded pool of PostgreSQL connections on a bounded blocking pool. Only db/ and controller/store/
// include this header (it shows pqxx). Thread-safe.
#pragma once

#include <pqxx/pqxx>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::db {

// No connection could be had or the one in use was lost: callers answer 503 and try again.
struct DatabaseUnavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct DatabaseSettings {
  std::string url;  // libpq URI or keyword string
  std::size_t connections = 8;
  std::chrono::milliseconds statement_timeout{10'000};
};

class Database {
 public:
  explicit Database(DatabaseSettings settings);
  ~Database();

  // Runs `function(pqxx::work&)` in one transaction on a pool thread; commits when it returns, rolls back when it
  // throws. Serialization failures and deadlocks are tried again (at most 3 times), so `function` may run twice.
  // `name` names the query in the log and metrics. Lost connections become DatabaseUnavailable.
  // `function` may end with a Result in its error state: the transaction is then rolled back.
  template <class F>
  boost::asio::awaitable<std::invoke_result_t<F, pqxx::work&>> transact(std::string_view name, F function);

  runtime::BlockingPool& pool();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace runbook::db
