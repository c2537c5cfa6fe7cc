#include <memory>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/standing.hpp"

namespace runbook::api {

// Without an upgrade the server answers 426.
HandlerAnswer open_live(Call& call) {
  const auto standing = std::make_shared<const Standing>(call, auth::Access::kLive);
  auto allowed = [standing] { return standing->holds(); };
  http::Response response;
  response.status = 101;
  response.websocket = [&live = call.context.live, principal = call.principal,
                        allowed](transport::WebSocketChannel channel) {
    return live.serve(std::move(channel), principal, allowed);
  };
  co_return response;
}

}  // namespace runbook::api
