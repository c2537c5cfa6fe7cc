#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/auth/rights.hpp"

namespace runbook::api {

namespace {

boost::asio::awaitable<bool> may_still_read(auth::Authenticator& authenticator,
                                            auth::Credentials credentials) {
  const auto principal = co_await authenticator.authenticate(std::move(credentials));
  co_return principal&& auth::allows(principal->roles, auth::Right::kRead);
}

}  // namespace

// Without an upgrade the server answers 426.
HandlerAnswer open_live(Call& call) {
  auto allowed = [&authenticator = call.context.authenticator,
                  credentials = credentials_of(call.request, auth::Access::kLive)] {
    return may_still_read(authenticator, credentials);
  };
  http::Response response;
  response.status = 101;
  response.websocket = [&live = call.context.live, principal = call.principal,
                        allowed](transport::WebSocketChannel channel) {
    return live.serve(std::move(channel), principal, allowed);
  };
  co_return response;
}

}  // namespace runbook::api
