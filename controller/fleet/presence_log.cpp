#include "controller/fleet/presence_log.hpp"

#include <boost/asio/steady_timer.hpp>

#include "controller/store/outage.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::fleet {
namespace {

using boost::asio::awaitable;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kSeen{30};
constexpr std::chrono::seconds kAfterOutage{1};
constexpr std::size_t kAtOnce = 2'000;

// Whatever the database says, the log goes on: without it agents would seem online for ever.
void note_failure(const std::exception& error) {
  if (!store::is_outage(error))
    runtime::log_error({}, fmt::format("presence is stored later: {}", error.what()));
}

}  // namespace

PresenceLog::PresenceLog(boost::asio::any_io_executor executor, db::Database& database, Uuid instance)
    : executor_(executor), store_(database), instance_(instance), wake_(executor) {}

void PresenceLog::note(store::Presence presence) {
  noted_.insert_or_assign(presence.agent, std::move(presence));
  wake_.notify();
}

awaitable<void> PresenceLog::run() {
  auto seen = steady_clock::now() + kSeen;
  for (;;) {
    if (noted_.empty()) co_await wake_.wait_until(seen);
    bool stored = co_await store_noted();
    if (stored && steady_clock::now() >= seen) {
      seen = steady_clock::now() + kSeen;
      try {
        co_await store_.seen(instance_);
      } catch (const boost::system::system_error&) {
        throw;  // cancelled
      } catch (const std::exception& error) {
        note_failure(error);
        stored = false;
      }
    }
    if (stored) continue;
    co_await boost::asio::steady_timer(executor_, kAfterOutage).async_wait(boost::asio::use_awaitable);
  }
}

awaitable<void> PresenceLog::flush() { co_await store_noted(); }

// False: the database did not answer; everything is kept for the next try.
awaitable<bool> PresenceLog::store_noted() {
  std::vector<store::Presence> changes;
  while (!noted_.empty() && changes.size() < kAtOnce) {
    changes.push_back(std::move(noted_.extract(noted_.begin()).mapped()));
  }
  if (changes.empty()) co_return true;
  try {
    const auto agents = co_await store_.store(instance_, changes);
    if (observer_ != nullptr) {
      for (const auto& agent : agents) observer_->agent_changed(agent);
    }
    co_return true;
  } catch (const boost::system::system_error&) {
    throw;  // cancelled
  } catch (const std::exception& error) {
    note_failure(error);
  }
  for (auto& change : changes) noted_.try_emplace(change.agent, std::move(change));
  co_return false;
}

}  // namespace runbook::fleet
