#include <utility>

#include "controller/api/handlers.hpp"

namespace runbook::api {

// Without an upgrade the server answers 426.
HandlerAnswer open_live(Call& call) {
  http::Response response;
  response.status = 101;
  response.websocket = [&live = call.context.live,
                        principal = call.principal](transport::WebSocketChannel channel) {
    return live.serve(std::move(channel), principal);
  };
  co_return response;
}

}  // namespace runbook::api
