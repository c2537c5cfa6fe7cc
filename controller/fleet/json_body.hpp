// A request's body as a JSON document.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include "controller/http/message.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::fleet {

// Whatever a signing request may hold fits in.
inline constexpr std::size_t kRequestBytes = 64 * 1024;

// kTooLarge past kRequestBytes, kUnsupportedMedia, kMalformed.
boost::asio::awaitable<Result<boost::json::value>> read_json_body(const http::Request& request,
                                                                  http::BodyReader& body);

}  // namespace runbook::fleet
