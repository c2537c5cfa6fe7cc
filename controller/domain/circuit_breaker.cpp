#include "controller/domain/circuit_breaker.hpp"

#include <algorithm>
#include <tuple>

namespace runbook::domain {

namespace {

constexpr std::chrono::seconds kProbeUnderWay{1};  // when to ask again while another request is the probe

}  // namespace

std::string_view to_string(CircuitState state) {
  switch (state) {
    case CircuitState::kClosed: return "closed";
    case CircuitState::kOpen: return "open";
    case CircuitState::kHalfOpen: return "half_open";
  }
  return "";
}

void CircuitBreaker::enter(CircuitState state) {
  state_ = state;
  ++period_;
}

CircuitBreaker::Admission CircuitBreaker::admit(Time now) {
  if (state_ == CircuitState::kClosed) return {Ticket{period_}};
  if (state_ == CircuitState::kHalfOpen) return {std::nullopt, now + kProbeUnderWay};
  rests_since_ = std::min(rests_since_, now);  // a clock that was set back must not keep it open
  const Time probe_at = rests_since_ + kCircuitRest;
  if (now < probe_at) return {std::nullopt, probe_at};
  enter(CircuitState::kHalfOpen);
  return {Ticket{period_}};
}

bool CircuitBreaker::ended(Ticket ticket, CircuitEvent event, Time now) {
  if (ticket.period != period_ || state_ == CircuitState::kOpen) return false;
  const bool probe = state_ == CircuitState::kHalfOpen;
  switch (event) {
    case CircuitEvent::kSuccess:
      failures_ = 0;
      if (probe) enter(CircuitState::kClosed);
      return probe;
    case CircuitEvent::kFailure:
      ++failures_;
      if (!probe && failures_ < kCircuitFailures) return false;
      if (!probe) open_since_ = now;
      rests_since_ = now;
      enter(CircuitState::kOpen);
      return true;
    case CircuitEvent::kReleased:
      if (probe) enter(CircuitState::kOpen);  // rested already: the next request is the probe
      return probe;
  }
  return false;
}

CircuitBreaker::Admission CircuitBreakers::admit(const std::string& host, Time now) {
  const auto found = hosts_.find(host);
  if (found == hosts_.end()) return {CircuitBreaker::Ticket{}};
  found->second.used = now;
  return found->second.breaker.admit(now);
}

std::optional<CircuitState> CircuitBreakers::ended(const std::string& host, CircuitBreaker::Ticket ticket,
                                                   CircuitEvent event, Time now) {
  auto found = hosts_.find(host);
  if (found == hosts_.end()) {
    if (event != CircuitEvent::kFailure) return std::nullopt;
    make_room();
    found = hosts_.try_emplace(host).first;
  }
  auto& [breaker, used] = found->second;
  used = now;
  const bool changed = breaker.ended(ticket, event, now);
  const auto state = breaker.state();
  if (breaker.failures() == 0 && !breaker.was_open()) hosts_.erase(found);
  return changed ? std::optional(state) : std::nullopt;
}

void CircuitBreakers::make_room() {
  if (hosts_.size() < kCircuitHosts) return;
  const auto rank = [](const auto& entry) {
    return std::tuple(entry.second.breaker.state() != CircuitState::kClosed, entry.second.used);
  };
  hosts_.erase(std::ranges::min_element(hosts_, {}, rank));
}

const CircuitBreaker* CircuitBreakers::find(const std::string& host) const {
  const auto found = hosts_.find(host);
  return found == hosts_.end() ? nullptr : &found->second.breaker;
}

std::map<std::string, CircuitState> CircuitBreakers::states() const {
  std::map<std::string, CircuitState> states;
  for (const auto& [host, entry] : hosts_) {
    if (entry.breaker.was_open()) states.emplace(host, entry.breaker.state());
  }
  return states;
}

}  // namespace runbook::domain
