// OpenAttempts: the attempts agents may still report on, with how far their output was taken in and stored.
// What the database says is loaded here when an agent says Hello and changed only after commits. On the I/O
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "controller/store/output_store.hpp"
#include "protocol/messages/attempt.hpp"

namespace runbook::engine {

// Nothing more can be learned about it.
inline bool is_settled(AttemptStatus status) {
  return is_terminal(status) && status != AttemptStatus::kUnknown;
}

struct OpenStream {
  store::StreamEnd stored = {};     // committed
  std::uint64_t accepted = 0;       // committed or waiting to be: the next frame continues here
  store::OutputDigest digest = {};  // of what is stored, if known
  bool digest_known = true;
};

// What an agent said, or what was concluded, of an attempt's state.
struct AttemptNews {
  AttemptEvent event = AttemptEvent::kStarted;
  std::string reason = {};
  std::optional<int> exit_code = {};
  std::optional<int> signal = {};
  Time at = {};  // when the controller heard of it
  std::int64_t leftovers = 0;
  std::string refused = {};  // the code, when its agent refused it for what it is
  bool lost = false;         // not started because a link or a controller was lost, not refused
  bool has_totals = false;   // only with a result: its output is this long, with these SHA-256
  std::array<std::uint64_t, 2> totals = {};
  std::array<std::string, 2> digests = {};
};

struct OpenAttempt {
  explicit OpenAttempt(const store::StoredAttempt& row);

  Uuid id;
  Uuid execution;
  Uuid step;
  Uuid agent;
  std::string host;
  AttemptStatus status;  // committed
  std::array<OpenStream, 2> streams;
  std::deque<AttemptNews> news = {};            // not stored yet
  std::size_t waiting_pieces = 0;               // not stored yet
  std::shared_ptr<std::string> tail = nullptr;  // the last of them, while more may be added to it
  Stream tail_stream = Stream::kStdout;
  bool verifying = false;     // its digests are computed from what is stored
  bool listed = false;        // in the writer's list of attempts with news
  bool stop_due = false;      // its execution was stopped, and at its Hello it was not over
  bool stop_sent = false;     // on the present link
  bool resume_asked = false;  // its agent was told to come back for missing output

  bool idle() const { return news.empty() && waiting_pieces == 0; }
};

class OpenAttempts {
 public:
  std::shared_ptr<OpenAttempt> find(const Uuid& attempt) const;
  // Takes the row in, unless the attempt is known: what is known is newer.
  std::shared_ptr<OpenAttempt> add(const store::StoredAttempt& row);
  // Settled and closed: kept in mind for a while, so that late echoes are known for what they are.
  void close(const Uuid& attempt);
  bool closed(const Uuid& attempt) const { return closed_.contains(attempt); }
  std::vector<std::shared_ptr<OpenAttempt>> of_agent(const Uuid& agent) const;
  // The agent's link ended: forgets what the next Hello will bring again.
  void disconnected(const Uuid& agent);

  // Attempts that are stored as dispatched but whose `run` did not leave yet.
  std::unordered_set<Uuid>& unsent() { return unsent_; }

 private:
  std::unordered_map<Uuid, std::shared_ptr<OpenAttempt>> attempts_;
  std::unordered_map<Uuid, std::unordered_set<Uuid>> by_agent_;
  std::unordered_set<Uuid> unsent_;
  std::unordered_set<Uuid> closed_;
  std::deque<Uuid> closed_order_;
};

}  // namespace runbook::engine
