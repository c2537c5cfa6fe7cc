// Attempts as their agents are asked about them: which are open, how much of their output is stored.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/messages/attempt.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

// The end of what is stored of one stream.
struct StreamEnd {
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;  // newlines
  bool open = false;        // the last byte is not a newline

  std::uint64_t begun() const { return lines + (open ? 1 : 0); }  // lines that have begun
  bool operator==(const StreamEnd&) const = default;
};

struct StoredAttempt {
  Uuid id;
  Uuid execution;
  Uuid step;
  Uuid agent;
  std::string host;
  AttemptStatus status = AttemptStatus::kQueued;
  std::optional<Uuid> incarnation = {};
  std::optional<Time> dispatched_at = {};
  StreamEnd standard_output = {};
  StreamEnd standard_error = {};
  bool stop_requested = false;  // of its execution
};

class AttemptStore {
 public:
  explicit AttemptStore(db::Database& database);

  // The agent's dispatched and running attempts, and those of `named` whoever they belong to.
  boost::asio::awaitable<std::vector<StoredAttempt>> of_agent(Uuid agent, std::vector<Uuid> named);
  boost::asio::awaitable<std::vector<StoredAttempt>> by_id(std::vector<Uuid> ids);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
