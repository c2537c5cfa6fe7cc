// What expressions see of earlier steps (CONTRACT §1): status, exit code, output, answers of requests.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <cstddef>
#include <set>
#include <string>

#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

class StepResults {
 public:
  static constexpr std::size_t kTextBytes = 1024 * 1024;        // of each stream of each host
  static constexpr std::size_t kTotalBytes = 64 * 1024 * 1024;  // of all that one expression may look at

  // Which steps: the newest row of each block before position `before` whose slug is named, or of `all`.
  struct Query {
    Uuid execution;
    int before = 0;
    bool all = false;
    std::set<std::string> slugs = {};
  };

  explicit StepResults(db::Database& database) : database_(database) {}

  // {slug: {status, exit_code, …}}. kInvalid when it is more than can be looked at.
  boost::asio::awaitable<Result<boost::json::object>> read(Query query);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
