// The beginnings of commands' output, as expressions look at them (CONTRACT §1).
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct OutputBeginning {
  std::string standard_output;  // bytes, the first kBytes of each
  std::string standard_error;
  std::string both;         // in the order read
  bool stdout_cut = false;  // there is more of it
};

class OutputBeginnings {
 public:
  static constexpr std::size_t kBytes = 1024 * 1024;

  explicit OutputBeginnings(db::Database& database) : database_(database) {}

  // Of each attempt that printed something.
  boost::asio::awaitable<std::unordered_map<Uuid, OutputBeginning>> read(std::vector<Uuid> attempts);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
