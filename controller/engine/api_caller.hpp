// ApiCaller: sends the requests of API blocks with libcurl, on threads of its own. One for a controller; used
// on its I/O thread only. Each call is one try: whether there is another one is the plan's decision.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <vector>

#include "controller/domain/network_guard.hpp"
#include "controller/engine/ports.hpp"

namespace runbook::metrics {
class Metrics;
}

namespace runbook::engine {

class ApiCaller final : public ApiRequests {
 public:
  struct Settings {
    std::vector<domain::Network> allowed = {};  // networks that may be reached although they are not public
    std::function<Time()> now = {};             // the system's clock when empty
  };

  ApiCaller(boost::asio::any_io_executor executor, metrics::Metrics& metrics, Settings settings);
  ApiCaller(const ApiCaller&) = delete;
  ApiCaller& operator=(const ApiCaller&) = delete;
  ~ApiCaller() override;  // waits for what still runs, at most some hundred milliseconds

  // One try of `step`, over by `deadline`, the wait for a free thread included. A call that was given up with
  // cancel() answers with an error. Throws operation_aborted when stop() was called or the awaiting coroutine
  // was cancelled: then nothing is known about the try and it should stay open.
  boost::asio::awaitable<domain::ApiOutcome> call(Uuid step, domain::ApiRequest request,
                                                  domain::ApiConfig config, Time deadline) override;

  // Gives the try of `step` up; its call() answers within a tenth of a second. Nothing for an unknown step.
  void cancel(Uuid step) override;

  // Ends every call and waits for its thread. May be called twice.
  boost::asio::awaitable<void> stop();

 private:
  struct State;
  class Listed;
  std::shared_ptr<State> state_;
};

}  // namespace runbook::engine
