#include "controller/fleet/agent_listener.hpp"

#include "certs/authority.hpp"
#include "controller/http/problem.hpp"
#include "protocol/messages/control.hpp"

namespace runbook::fleet {
namespace {

namespace asio = boost::asio;

// Sec-WebSocket-Protocol is a list (RFC 6455 §4.1), perhaps over several headers.
bool offers_subprotocol(const http::Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (name != "sec-websocket-protocol") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      std::string_view one = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
      one = one.substr(0, one.find_last_not_of(" \t") + 1);
      if (one == kSubprotocol) return true;
    }
  }
  return false;
}

http::Response not_allowed(const http::Request& request, std::string_view allowed) {
  http::Response response = http::problem(
      405, "method_not_allowed", fmt::format("Only {} is possible here.", allowed), request.request_id);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

http::Response connect_agent(const http::Request& request, AgentHub& hub) {
  if (!certs::agent_identity(request.peer_certificate)) {
    const Error unknown{ErrorCode::kUnauthenticated, "Connect with an agent's certificate; enroll first."};
    return http::problem(unknown, request.request_id);
  }
  if (request.method != http::Method::kGet) return not_allowed(request, "GET");
  if (!request.upgrade || !offers_subprotocol(request)) {
    http::Response response = http::problem(
        426, "upgrade_required", fmt::format("Connect by WebSocket with subprotocol {}.", kSubprotocol),
        request.request_id);
    response.headers.emplace_back("Upgrade", "websocket");
    return response;
  }
  http::Response response;
  response.websocket_subprotocol = kSubprotocol;
  response.websocket = [&hub](transport::WebSocketChannel channel) { return hub.serve(std::move(channel)); };
  return response;
}

}  // namespace

http::Handler agent_listener(Enrolment& enrolment, Renewal& renewal, AgentHub& hub) {
  return [&enrolment, &renewal, &hub](const http::Request& request,
                                      http::BodyReader& body) -> asio::awaitable<http::Response> {
    if (request.path == kAgentPath) co_return connect_agent(request, hub);
    const bool renews = request.path == kRenewPath;
    if (!renews && request.path != kEnrolPath) {
      const Error unknown{ErrorCode::kNotFound, "There is nothing here."};
      co_return http::problem(unknown, request.request_id);
    }
    if (request.method != http::Method::kPost) co_return not_allowed(request, "POST");
    if (renews) co_return co_await renewal.answer(request, body);
    co_return co_await enrolment.answer(request, body);
  };
}

}  // namespace runbook::fleet
