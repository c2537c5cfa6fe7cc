#include "controller/metrics/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <utility>

namespace runbook::metrics {

namespace {

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

prometheus::Histogram::BucketBoundaries request_buckets() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

prometheus::Histogram::BucketBoundaries step_buckets() {
  return {0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14'400};
}

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("runbook_http_requests_total")
                                                          .Help("Answered requests")
                                                          .Register(registry);
  prometheus::Family<prometheus::Histogram>& request_times =
      prometheus::BuildHistogram()
          .Name("runbook_http_request_duration_seconds")
          .Help("Time from a request's head to its answer")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& executions =
      prometheus::BuildCounter().Name("runbook_executions_total").Help("Ended executions").Register(registry);
  prometheus::Family<prometheus::Counter>& steps =
      prometheus::BuildCounter().Name("runbook_steps_total").Help("Ended steps").Register(registry);
  prometheus::Family<prometheus::Histogram>& step_times = prometheus::BuildHistogram()
                                                              .Name("runbook_step_duration_seconds")
                                                              .Help("Time of ended steps")
                                                              .Register(registry);
  prometheus::Family<prometheus::Gauge>& agents =
      prometheus::BuildGauge().Name("runbook_agents").Help("Agents by status").Register(registry);
  prometheus::Counter& output = prometheus::BuildCounter()
                                    .Name("runbook_output_bytes_total")
                                    .Help("Stored output")
                                    .Register(registry)
                                    .Add({});
  prometheus::Family<prometheus::Counter>& api_requests = prometheus::BuildCounter()
                                                              .Name("runbook_api_requests_total")
                                                              .Help("Ended tries of API blocks")
                                                              .Register(registry);
  prometheus::Histogram& api_times = prometheus::BuildHistogram()
                                         .Name("runbook_api_request_duration_seconds")
                                         .Help("Time of tries of API blocks, from their thread to their end")
                                         .Register(registry)
                                         .Add({}, request_buckets());
  prometheus::Family<prometheus::Gauge>& circuits =
      prometheus::BuildGauge()
          .Name("runbook_api_circuit")
          .Help("1 for the state of a host's circuit, of hosts that API blocks could not reach lately")
          .Register(registry);
  std::mutex circuits_mutex;
  std::map<std::pair<std::string, std::string>, prometheus::Gauge*> shown_circuits;  // by host and state
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {
  for (const auto* result : {"completed", "failed", "stopped"}) impl_->executions.Add({{"result", result}});
  for (const auto* status : {"online", "offline", "draining", "revoked"})
    impl_->agents.Add({{"status", status}});
}

Metrics::~Metrics() = default;

void Metrics::request(std::string_view method, std::string_view route, unsigned status,
                      std::chrono::nanoseconds took) {
  const std::string method_text(method);
  const std::string route_text(route);
  impl_->requests.Add({{"method", method_text}, {"route", route_text}, {"status", std::to_string(status)}})
      .Increment();
  impl_->request_times.Add({{"method", method_text}, {"route", route_text}}, request_buckets())
      .Observe(seconds(took));
}

void Metrics::execution_ended(std::string_view result) {
  impl_->executions.Add({{"result", std::string(result)}}).Increment();
}

void Metrics::step_ended(std::string_view block_type, std::string_view result,
                         std::chrono::nanoseconds took) {
  const std::string type(block_type);
  impl_->steps.Add({{"type", type}, {"result", std::string(result)}}).Increment();
  impl_->step_times.Add({{"type", type}}, step_buckets()).Observe(seconds(took));
}

void Metrics::agents(const std::map<std::string, std::size_t>& by_status) {
  for (const auto* status : {"online", "offline", "draining", "revoked"}) {
    const auto found = by_status.find(status);
    const auto count = found == by_status.end() ? 0 : found->second;
    impl_->agents.Add({{"status", status}}).Set(static_cast<double>(count));
  }
}

void Metrics::output_stored(std::size_t bytes) { impl_->output.Increment(static_cast<double>(bytes)); }

void Metrics::api_request_ended(std::string_view result, std::chrono::nanoseconds took) {
  impl_->api_requests.Add({{"result", std::string(result)}}).Increment();
  if (took > std::chrono::nanoseconds::zero()) impl_->api_times.Observe(seconds(took));
}

void Metrics::api_circuits(const std::map<std::string, std::string>& states) {
  const std::lock_guard lock(impl_->circuits_mutex);
  std::erase_if(impl_->shown_circuits, [&](const auto& shown) {
    const auto& [key, gauge] = shown;
    const auto found = states.find(key.first);
    const bool gone = found == states.end() || found->second != key.second;
    if (gone) impl_->circuits.Remove(gauge);
    return gone;
  });
  for (const auto& [host, state] : states) {
    if (impl_->shown_circuits.contains({host, state})) continue;
    auto& gauge = impl_->circuits.Add({{"host", host}, {"state", state}});
    gauge.Set(1);
    impl_->shown_circuits[{host, state}] = &gauge;
  }
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace runbook::metrics
