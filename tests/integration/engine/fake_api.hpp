// FakeApi: the requests of API steps without a network. Answers as the test says, or keeps them waiting; it
// survives the engine, as a server does.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "controller/engine/ports.hpp"

namespace runbook::testing {

inline domain::ApiOutcome answered(int status, std::string body) {
  domain::ApiOutcome outcome;
  outcome.http_status = status;
  const bool expected = status >= 200 && status < 300;
  if (!expected) outcome.error = "the answer was " + std::to_string(status);
  outcome.transient = status >= 500;
  boost::json::object result{{"http_status", status}, {"headers", boost::json::object{}}, {"body", body}};
  boost::system::error_code wrong;
  if (auto parsed = boost::json::parse(body, wrong); !wrong) result["json"] = std::move(parsed);
  outcome.result = std::move(result);
  return outcome;
}

class FakeApi final : public engine::ApiRequests {
 public:
  std::function<domain::ApiOutcome(const domain::ApiRequest&)> answer = [](const auto&) {
    return answered(200, "{}");
  };
  bool hangs = false;  // until cancelled

  std::vector<domain::ApiRequest> requests;
  std::size_t cancelled = 0;

  // The controller is gone, and with it who waits.
  void forget() { waiting_.clear(); }

  boost::asio::awaitable<domain::ApiOutcome> call(Uuid step, domain::ApiRequest request, domain::ApiConfig,
                                                  Time) override {
    requests.push_back(request);
    if (hangs) co_await wait(step);
    if (hangs) {
      domain::ApiOutcome given_up;
      given_up.error = "given up";
      co_return given_up;
    }
    co_return answer(request);
  }

  void cancel(Uuid step) override {
    const auto found = waiting_.find(step);
    if (found == waiting_.end()) return;
    ++cancelled;
    found->second->cancel();
    waiting_.erase(found);
  }

 private:
  boost::asio::awaitable<void> wait(Uuid step) {
    const auto executor = co_await boost::asio::this_coro::executor;
    auto timer =
        std::make_shared<boost::asio::steady_timer>(executor, boost::asio::steady_timer::time_point::max());
    waiting_[step] = timer;
    boost::system::error_code ended;
    co_await timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  }

  std::map<Uuid, std::shared_ptr<boost::asio::steady_timer>> waiting_;
};

}  // namespace runbook::testing
