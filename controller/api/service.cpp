#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/store/outage.hpp"

namespace runbook::api {

HandlerAnswer get_health(Call&) { co_return ok(boost::json::object{{"status", "ok"}}); }

HandlerAnswer get_readiness(Call& call) {
  co_await store::ping(call.context.database);
  co_return ok(boost::json::object{{"status", "ready"}});
}

HandlerAnswer get_metrics(Call& call) {
  http::Response response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = call.context.metrics.text();
  co_return response;
}

HandlerAnswer get_openapi(Call& call) {
  http::Response response;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = call.context.openapi;
  co_return response;
}

HandlerAnswer get_runbook_schema(Call& call) {
  http::Response response;
  response.headers.emplace_back("Content-Type", "application/schema+json");
  response.body = call.context.runbook_schema;
  co_return response;
}

}  // namespace runbook::api
