// Call: one request that was judged as far as its head and body go, as handlers get it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/api/context.hpp"
#include "controller/auth/principal.hpp"
#include "controller/http/message.hpp"
#include "controller/yaml/yaml_reader.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::api {

struct Call {
  Context& context;
  const http::Request& request;
  auth::Principal principal = {};     // of nobody on open routes
  domain::Reach reach = {};           // of the route's right: what is out of it is not there
  std::vector<Uuid> ids = {};         // of the path, in its order
  boost::json::value body = nullptr;  // {} when an optional body is absent
  std::string body_text = {};
  std::optional<yaml::Document> yaml = {};  // a body that came as YAML
};

using Answer = Result<http::Response>;
// `call` outlives the awaited handler.
using Handle = boost::asio::awaitable<Answer> (*)(Call& call);

http::Response ok(const boost::json::value& body);
http::Response accepted(const boost::json::value& body);
http::Response created(const boost::json::value& body, std::string location);
http::Response no_content();

// In whose name the call changes something, and from where; without a person where nobody is known.
store::Origin origin_of(const Call& call);

// The caller as one who may approve.
store::Approver approver_of(const auth::Principal& principal);

// The headers that say who asks.
auth::Credentials credentials_of(const http::Request& request, auth::Access access);

}  // namespace runbook::api
