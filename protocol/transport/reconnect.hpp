// Backoff: capped exponential delays with full jitter for reconnecting (0.5 s doubling to 30 s). Pure but for
// the random number, which is injected.
#pragma once

#include <chrono>
#include <functional>

namespace runbook::transport {

class Backoff {
 public:
  explicit Backoff(std::function<double()> random_unit);  // [0, 1)

  // Uniform in [0, min(cap, first · 2^attempts)); the attempt is counted.
  std::chrono::milliseconds next();
  void reset();

 private:
  std::function<double()> random_unit_;
  unsigned attempts_ = 0;
};

}  // namespace runbook::transport
