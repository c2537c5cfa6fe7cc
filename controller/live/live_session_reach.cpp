// LiveSession for clients whose rights are limited: what waits to be told is judged by the database, which
// knows the runbook's and the hosts' labels and what the execution was resolved to.
#include <set>
#include <utility>

#include "controller/live/live_session.hpp"

namespace runbook::live {
namespace {

constexpr std::size_t kMostUnchecked = 10'000;  // events; a client that is that far behind comes again

}  // namespace

void LiveSession::hold(Unchecked event) {
  if (ended_) return;
  if (unchecked_.size() >= kMostUnchecked) return close(transport::CloseCode::kTryAgainLater, "too slow");
  unchecked_.push_back(std::move(event));
  wake_.notify();
}

void LiveSession::look_again() {
  if (!limited() || subscriptions_.empty()) return;
  look_again_ = true;
  wake_.notify();
}

// What was told before this began is judged by what is stored now: an event is told after its commit.
boost::asio::awaitable<void> LiveSession::check() {
  std::set<Uuid> executions;
  const bool all = std::exchange(look_again_, false);
  for (const auto& [execution, subscription] : subscriptions_) {
    if (all && !subscription->loading()) executions.insert(execution);
  }
  const auto events = unchecked_.size();
  for (const auto& event : unchecked_) executions.insert(event.execution);
  std::vector<Uuid> ids(executions.begin(), executions.end());
  const auto reached = co_await views_.reached(std::move(ids), reach_);
  for (const auto& execution : executions) {
    if (!reached.contains(execution)) lose(execution);
  }
  // Those that came meanwhile wait for the next turn.
  std::vector<Unchecked> judged(
      std::make_move_iterator(unchecked_.begin()),
      std::make_move_iterator(unchecked_.begin() + static_cast<std::ptrdiff_t>(events)));
  unchecked_.erase(unchecked_.begin(), unchecked_.begin() + static_cast<std::ptrdiff_t>(events));
  for (const auto& [execution, seq, text] : judged) {
    if (!reached.contains(execution)) continue;
    if (seq) {
      tell(execution, *seq, text);
    } else if (executions_topic_) {
      push_text(text);
    }
  }
}

// As if there were no such execution. One that is not subscribed to was never told of.
void LiveSession::lose(const Uuid& execution) {
  if (!watches(execution)) return;
  error_event("not_found", "There is no such execution.", &execution);
  unsubscribe(execution);
}

}  // namespace runbook::live
