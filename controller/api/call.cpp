#include "controller/api/call.hpp"

#include <utility>

#include "controller/auth/rights.hpp"
#include "controller/http/problem.hpp"

namespace runbook::api {

http::Response ok(const boost::json::value& body) { return http::json_response(200, body); }
http::Response accepted(const boost::json::value& body) { return http::json_response(202, body); }

http::Response created(const boost::json::value& body, std::string location) {
  auto response = http::json_response(201, body);
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

http::Response no_content() { return {.status = 204}; }

store::Origin origin_of(const Call& call) {
  store::Origin origin(call.context.audit.trail);
  origin.address = call.request.remote_address;
  origin.request_id = call.request.request_id;
  const auto& principal = call.principal;
  if (principal.person == Uuid{}) return origin;
  origin.person_id = principal.person;
  origin.person = principal.person_name;
  origin.key_id = principal.api_key;
  origin.key_name = principal.key_name;
  return origin;
}

store::Approver approver_of(const auth::Principal& principal) {
  return {principal.person, auth::reach_of_any_approval(principal.grants),
          auth::reach(principal.grants, auth::Right::kApprove)};
}

auth::Credentials credentials_of(const http::Request& request, auth::Access access) {
  auth::Credentials credentials;
  credentials.access = access;
  credentials.secure = request.secure;
  credentials.host = request.header("host").value_or("");
  for (const auto& [name, value] : request.headers) {
    if (name == "x-api-key") credentials.api_keys.push_back(value);
    if (name == "authorization") credentials.authorizations.push_back(value);
    if (name == "cookie") credentials.cookies.push_back(value);
    if (name == "x-csrf-token") credentials.csrf_tokens.push_back(value);
    if (name == "origin") credentials.origins.push_back(value);
  }
  return credentials;
}

}  // namespace runbook::api
