#include "protocol/transport/reconnect.hpp"

#include <algorithm>
#include <utility>

#include "protocol/messages/limits.hpp"

namespace runbook::transport {

Backoff::Backoff(std::function<double()> random_unit) : random_unit_(std::move(random_unit)) {}

std::chrono::milliseconds Backoff::next() {
  const std::chrono::milliseconds cap = limits::kReconnectMax;
  std::chrono::milliseconds ceiling = limits::kReconnectFirst;
  for (unsigned i = 0; i < attempts_ && ceiling < cap; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, cap);
  if (ceiling < cap) ++attempts_;
  return std::chrono::milliseconds(static_cast<long>(random_unit_() * static_cast<double>(ceiling.count())));
}

void Backoff::reset() { attempts_ = 0; }

}  // namespace runbook::transport
