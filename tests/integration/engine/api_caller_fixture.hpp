// An ApiCaller with an event loop and a clock of its own, for requests to loopback.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "controller/engine/api_caller.hpp"
#include "controller/metrics/metrics.hpp"
#include "tests/support/await.hpp"

namespace runbook::engine {

class ApiCallerFixture : public ::testing::Test {
 protected:
  explicit ApiCallerFixture(std::vector<std::string_view> allowed = {"127.0.0.1/32"}) {
    ApiCaller::Settings settings;
    for (const auto network : allowed) settings.allowed.push_back(domain::Network::parse(network).value());
    settings.now = [this] { return clock_.load(); };
    caller_.emplace(io_.get_executor(), metrics_, std::move(settings));
  }
  ~ApiCallerFixture() override { testing::await(io_, caller_->stop()); }

  static domain::ApiRequest request(std::string method, std::string url) {
    domain::ApiRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    return request;
  }

  domain::ApiOutcome call(domain::ApiRequest asked,
                          std::chrono::milliseconds limit = std::chrono::seconds(10),
                          domain::ApiConfig config = {}) {
    return testing::await(io_,
                          caller_->call(step_, std::move(asked), std::move(config), clock_.load() + limit));
  }
  domain::ApiOutcome get(const std::string& url) { return call(request("GET", url)); }

  // Starts a call; `over` hears how it ended, nothing when it was aborted.
  void start(domain::ApiRequest asked, std::function<void(std::optional<domain::ApiOutcome>)> over,
             Uuid step = {}) {
    io_.restart();
    const Time deadline = clock_.load() + std::chrono::seconds(10);
    boost::asio::co_spawn(io_, caller_->call(step, std::move(asked), {}, deadline),
                          [over = std::move(over)](std::exception_ptr error, domain::ApiOutcome outcome) {
                            over(error ? std::nullopt : std::optional(std::move(outcome)));
                          });
  }

  static std::string body(const domain::ApiOutcome& outcome) {
    return std::string(outcome.result.as_object().at("body").as_string());
  }

  boost::asio::io_context io_;
  metrics::Metrics metrics_;
  std::atomic<Time> clock_{Time(std::chrono::seconds(1'700'000'000))};
  Uuid step_{};
  std::optional<ApiCaller> caller_;
};

}  // namespace runbook::engine
