// Database: a bounded pool of PostgreSQL connections on a bounded blocking pool. Only db/ and
// controller/store/ include this header (it shows pqxx). Thread-safe.
#pragma once

#include <pqxx/pqxx>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::db {

// No connection could be had, the one in use was lost, or a statement ran out of time: callers answer 503 and
// try again. The message is for the log.
struct DatabaseUnavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The connection was lost during COMMIT: the transaction may have happened. Re-read by id before repeating
// it.
struct CommitInDoubt : DatabaseUnavailable {
  using DatabaseUnavailable::DatabaseUnavailable;
};

struct DatabaseSettings {
  std::string url;  // libpq URI or keyword string
  std::size_t connections = 8;
  std::chrono::milliseconds statement_timeout{10'000};  // 0: none
  std::string application_name = "runbook-controller";
};

class Database {
 public:
  explicit Database(DatabaseSettings settings);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // Runs `function(pqxx::work&)` in one transaction on a pool thread; commits when it returns, rolls back
  // when it throws. Serialization failures and deadlocks are tried again (at most 3 times), so `function` may
  // run twice. `name` names the query in the log. Lost connections become DatabaseUnavailable. `function` may
  // end with a Result in its error state: the transaction is then rolled back.
  template <class F>
  boost::asio::awaitable<std::invoke_result_t<F&, pqxx::work&>> transact(std::string_view name, F function);

  // The same on the calling thread, for programs without an event loop.
  template <class F>
  std::invoke_result_t<F&, pqxx::work&> transact_here(std::string_view name, F function);

  runtime::BlockingPool& pool();

 private:
  struct Impl;
  // Commits when `body` answers true.
  void run(const std::string& name, const std::function<bool(pqxx::work&)>& body);

  std::unique_ptr<Impl> impl_;
};

namespace detail {
template <class T>
bool to_commit(const T&) {
  return true;
}
template <class T, class E>
bool to_commit(const std::expected<T, E>& result) {
  return result.has_value();
}
}  // namespace detail

template <class F>
std::invoke_result_t<F&, pqxx::work&> Database::transact_here(std::string_view name, F function) {
  using Value = std::invoke_result_t<F&, pqxx::work&>;
  const std::string query{name};
  if constexpr (std::is_void_v<Value>) {
    run(query, [&function](pqxx::work& work) {
      function(work);
      return true;
    });
  } else {
    std::optional<Value> value;
    run(query, [&function, &value](pqxx::work& work) {
      value.emplace(function(work));
      return detail::to_commit(*value);
    });
    return std::move(*value);
  }
}

template <class F>
boost::asio::awaitable<std::invoke_result_t<F&, pqxx::work&>> Database::transact(std::string_view name,
                                                                                 F function) {
  using Value = std::invoke_result_t<F&, pqxx::work&>;
  auto job = [this, query = std::string{name}, function = std::move(function)]() mutable -> Value {
    return transact_here(query, std::move(function));
  };
  co_return co_await pool().run(std::move(job));
}

}  // namespace runbook::db
