// CircuitBreaker: keeps requests from a host that fails. Opens after five failures in a row, lets one probe
// through after 30 s, and closes when that succeeds. Pure: a function of (state, event, now).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages/time.hpp"

namespace runbook::domain {

inline constexpr int kCircuitFailures = 5;
inline constexpr std::chrono::seconds kCircuitRest{30};

enum class CircuitState { kClosed, kOpen, kHalfOpen };
std::string_view to_string(CircuitState state);  // closed, open, half_open

// How a request ended, as far as its host is to blame.
enum class CircuitEvent {
  kSuccess,   // any answer below 500
  kFailure,   // no answer, or 5xx
  kReleased,  // given up by us: says nothing about the host
};

class CircuitBreaker {
 public:
  // A request that may be sent; to be given back with how it ended.
  struct Ticket {
    std::uint64_t period = 0;
  };
  struct Admission {
    std::optional<Ticket> ticket;            // nothing: the circuit is open
    std::optional<Time> next_probe_at = {};  // then
  };

  Admission admit(Time now);
  // What was admitted before the circuit opened or a probe began changes nothing any more: only the probe
  // counts. True when the state changed.
  bool ended(Ticket ticket, CircuitEvent event, Time now);

  CircuitState state() const { return state_; }
  int failures() const { return failures_; }
  Time open_since() const { return open_since_; }  // while not closed
  bool was_open() const { return period_ > 0; }

 private:
  void enter(CircuitState state);

  CircuitState state_ = CircuitState::kClosed;
  int failures_ = 0;  // in a row
  std::uint64_t period_ = 0;
  Time open_since_{};
  Time rests_since_{};  // the last failure that (re)opened it
};

// One breaker for each host and port that failed lately, at most kCircuitHosts: closed ones are forgotten
// first.
class CircuitBreakers {
 public:
  static constexpr std::size_t kCircuitHosts = 200;

  CircuitBreaker::Admission admit(const std::string& host, Time now);
  // The breaker's state when it changed.
  std::optional<CircuitState> ended(const std::string& host, CircuitBreaker::Ticket ticket,
                                    CircuitEvent event, Time now);
  const CircuitBreaker* find(const std::string& host) const;
  std::map<std::string, CircuitState> states() const;  // of those that were open once
  std::size_t size() const { return hosts_.size(); }

 private:
  struct Entry {
    CircuitBreaker breaker;
    Time used{};
  };
  void make_room();

  std::map<std::string, Entry> hosts_;
};

}  // namespace runbook::domain
