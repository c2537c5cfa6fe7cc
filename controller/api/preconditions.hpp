// If-Match with the quoted version number, and the ETag that answers it (RFC 9110 §13.1.1).
#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>

#include "controller/api/call.hpp"

namespace runbook::api {

// The version the client wants to change; nothing when it does not say, or "*". kMalformed for what is no
// entity tag, kPreconditionFailed for a tag that can match no version.
Result<std::optional<int>> expected_version(const http::Request& request);

// The same, compared with the runbook's newest version now: 412 must be told before faults in the body are.
// The change itself compares again.
boost::asio::awaitable<Result<std::optional<int>>> judge_if_match(Call& call);

void add_etag(http::Response& response, const boost::json::object& runbook);

}  // namespace runbook::api
