// DraftStore: what people are writing and have not saved, one draft for each person and runbook. Nobody gets
// at another person's: every statement names the person. On the controller's I/O thread; queries run on the
// database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <optional>
#include <string>

#include "controller/domain/scope.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct DraftKey {
  Uuid runbook;
  Uuid person;
  domain::Reach reach = {};  // runbooks out of it are not there
};

struct DraftContent {
  std::int64_t base_version_number = 0;
  std::string yaml;
};

class DraftStore {
 public:
  explicit DraftStore(db::Database& database) : database_(database) {}

  // As GET /runbooks/{id}/draft shows it; nothing when there is none. kNotFound: the runbook is not there.
  boost::asio::awaitable<Result<std::optional<boost::json::object>>> get(DraftKey key);
  // Takes the place of an older one. kNotFound; kInvalid when the version it began from never was.
  boost::asio::awaitable<Result<boost::json::object>> save(DraftKey key, DraftContent content);
  // Whether there was one. kNotFound: the runbook is not there.
  boost::asio::awaitable<Result<bool>> remove(DraftKey key);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
