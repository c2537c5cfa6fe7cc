// Metrics: everything /metrics shows (Prometheus text format 0.0.4), through prometheus-cpp. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace runbook::metrics {

class Metrics {
 public:
  Metrics();
  ~Metrics();

  void request(std::string_view method, std::string_view route, unsigned status,
               std::chrono::nanoseconds took);
  void execution_ended(std::string_view result);  // completed, failed, stopped
  void step_ended(std::string_view block_type, std::string_view result, std::chrono::nanoseconds took);
  void agents(const std::map<std::string, std::size_t>& by_status);  // online, offline, …
  void output_stored(std::size_t bytes);

  std::string text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace runbook::metrics
