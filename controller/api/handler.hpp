// The public listener's handler: judges each request in CONTRACT §3's order, calls its route, counts it.
#pragma once

#include "controller/api/context.hpp"
#include "controller/http/server.hpp"

namespace runbook::api {

// `context` must outlive the handler.
http::Handler make_public_handler(Context& context);

}  // namespace runbook::api
