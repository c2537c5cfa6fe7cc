#include "controller/http/handshake_queue.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace runbook::http {

namespace asio = boost::asio;

HandshakeQueue::Turn::~Turn() {
  if (queue_ != nullptr) queue_->give_back(network_);
}

asio::awaitable<std::optional<HandshakeQueue::Turn>> HandshakeQueue::take(std::string network,
                                                                          Clock::time_point deadline) {
  auto& here = networks_[network];
  if (under_way_ < in_all_ && here.under_way < per_network_ && here.waiting.empty()) {
    admit(here);
    Turn turn(*this, std::move(network));
    co_return std::optional<Turn>(std::move(turn));
  }
  Waiter waiter{asio::steady_timer(executor_, deadline)};
  if (here.waiting.empty()) turns_.push_back(network);
  here.waiting.push_back(&waiter);
  boost::system::error_code ended;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  if (waiter.admitted) {
    Turn turn(*this, std::move(network));
    co_return std::optional<Turn>(std::move(turn));
  }
  leave(network, waiter);
  if (ended) throw boost::system::system_error(ended);  // cancelled
  co_return std::nullopt;
}

void HandshakeQueue::admit(Network& network) {
  ++network.under_way;
  ++under_way_;
}

void HandshakeQueue::give_back(const std::string& network) {
  const auto here = networks_.find(network);
  --here->second.under_way;
  --under_way_;
  if (here->second.under_way == 0 && here->second.waiting.empty()) networks_.erase(here);
  admit_next();
}

// One place came free: it goes to the network whose turn it is, unless that one has its share already.
void HandshakeQueue::admit_next() {
  for (auto left = turns_.size(); left > 0 && under_way_ < in_all_; --left) {
    auto network = std::move(turns_.front());
    turns_.pop_front();
    auto& here = networks_.at(network);
    if (here.under_way < per_network_) {
      Waiter& next = *here.waiting.front();
      here.waiting.pop_front();
      admit(here);
      next.admitted = true;
      next.timer.cancel();
    }
    if (!here.waiting.empty()) turns_.push_back(std::move(network));
  }
}

void HandshakeQueue::leave(const std::string& network, Waiter& waiter) {
  const auto here = networks_.find(network);
  auto& waiting = here->second.waiting;
  waiting.erase(std::ranges::find(waiting, &waiter));
  if (!waiting.empty()) return;
  turns_.erase(std::ranges::find(turns_, network));
  if (here->second.under_way == 0) networks_.erase(here);
}

}  // namespace runbook::http
