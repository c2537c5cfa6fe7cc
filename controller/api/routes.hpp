// The one table of routes: from it follow 404, 405 with Allow, rights, and what openapi.yaml must describe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/api/body.hpp"
#include "controller/api/call.hpp"
#include "controller/auth/rights.hpp"
#include "controller/store/object_lookup.hpp"

namespace runbook::api {

// Who answers 404 for an object that is not there.
enum class Find {
  kFirst,    // looked up before anything else of the request is judged
  kHandler,  // nothing else is to be judged: the handler's own query tells, and saves one
};

struct Route {
  http::Method method;
  std::string_view pattern;  // "{…}" stands for a UUID; a final "*" for any rest
  auth::Right right;
  BodyKind body;
  store::ObjectKind object;  // what the ids of the path name
  Find find;
  Handle handle;
};

std::span<const Route> routes();

// What a path can mean: the routes that differ by method only.
struct Match {
  std::span<const Route> routes;  // not empty
  std::vector<std::string> ids;   // as they stand in the path
};
std::optional<Match> match_path(std::string_view path);

// HEAD is answered like GET. nullptr: 405.
const Route* route_for(const Match& match, http::Method method);
std::string allowed_methods(const Match& match);  // value of the Allow header

}  // namespace runbook::api
