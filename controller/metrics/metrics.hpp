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
  void api_request_ended(std::string_view result, std::chrono::nanoseconds took);
  // By host and port: closed, half_open or open. Hosts that are not in it are no longer shown.
  void api_circuits(const std::map<std::string, std::string>& states);

  std::string text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace runbook::metrics
