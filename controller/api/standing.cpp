#include "controller/api/standing.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "controller/auth/rights.hpp"
#include "controller/store/outage.hpp"

namespace runbook::api {

using boost::asio::awaitable;

namespace {

std::string text_of(const auth::Principal& principal) {
  return boost::json::serialize(auth::to_json(principal.grants));
}

}  // namespace

Standing::Standing(Call& call, auth::Access access)
    : authenticator_(call.context.authenticator),
      credentials_(credentials_of(call.request, access)),
      grants_(text_of(call.principal)) {}

awaitable<bool> Standing::holds() const {
  try {
    const auto principal = co_await authenticator_.authenticate(credentials_);
    co_return principal.has_value() && text_of(*principal) == grants_;
  } catch (const std::exception& error) {
    if (!store::is_outage(error)) throw;
  }
  co_return true;
}

awaitable<void> JudgedSource::cut_off() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (bool holds = true; holds; holds = co_await standing_.holds()) {
    timer.expires_after(kJudgeEvery);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace runbook::api
