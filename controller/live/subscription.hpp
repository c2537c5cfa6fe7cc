// Subscription: one client's view of one execution: which events it still waits for and how far each stream
// was sent. Decides what to send now and what must be read from stored bytes; sends nothing itself. Pure but
// for what it holds.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "controller/engine/ports.hpp"
#include "controller/live/live_request.hpp"
#include "controller/store/stream_reader.hpp"

namespace runbook::live {

struct FollowedStream {
  std::uint64_t sent = 0;    // where the client is, or will be when it asked for more than there is
  std::uint64_t stored = 0;  // the end of what is known to be stored
  bool queued = false;       // in the list of streams to be read

  bool behind() const { return sent < stored; }
};

struct FollowedAttempt {
  Uuid attempt;
  Uuid step;
  Uuid agent;
  std::string host;
  std::optional<std::uint32_t> index = {};  // once the client was told
  std::array<FollowedStream, 2> streams = {};
};

class Subscription {
 public:
  Subscription(Subscribe request, std::uint64_t generation);

  const Uuid& execution() const { return request_.execution; }
  const Subscribe& request() const { return request_; }
  std::uint64_t generation() const {
    return generation_;
  }  // tells a replaced subscription from its successor

  // Events that may be sent now, in order: none before the snapshot, none twice, none after a hole.
  std::vector<std::string> event(std::int64_t seq, std::string text);
  // The snapshot was loaded; answers the held events after it.
  std::vector<std::string> snapshot(std::int64_t seq);
  bool loading() const { return loading_; }
  // Events are held because one before them is missing.
  bool has_hole() const { return !loading_ && !held_.empty(); }
  void load_again() { loading_ = true; }

  bool wants(const Uuid& step, const Uuid& agent) const;
  FollowedAttempt& follow(const Uuid& attempt, const Uuid& step, const Uuid& agent, const std::string& host);
  FollowedAttempt* find(const Uuid& attempt);
  // What the database said when the subscription began.
  void add_stored(const store::AttemptOutput& output);
  std::unordered_map<Uuid, FollowedAttempt>& attempts() { return attempts_; }

 private:
  std::vector<std::string> take_following();

  Subscribe request_;
  std::uint64_t generation_;
  bool loading_ = true;
  std::int64_t seq_ = -1;
  std::map<std::int64_t, std::string> held_;
  std::unordered_map<Uuid, FollowedAttempt> attempts_;
};

}  // namespace runbook::live
