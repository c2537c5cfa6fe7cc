// Reading of bodies: size, then media type, then text (413, 415, 400 in CONTRACT's order of judgement).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "controller/api/call.hpp"

namespace runbook::api {

enum class BodyKind {
  kNone,      // what comes is not read
  kOptional,  // absent counts as {}
  kRequired,
  kRunbook,   // required, as JSON or YAML
  kDocument,  // required; JSON that carries a runbook's text, so it may be longer than that
};

// Sets call.body and call.body_text, and call.yaml for a body of YAML.
boost::asio::awaitable<Result<void>> read_body(http::BodyReader& reader, BodyKind kind, Call& call);

}  // namespace runbook::api
