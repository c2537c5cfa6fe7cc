#include "controller/fleet/json_body.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include "protocol/messages/json.hpp"

namespace runbook::fleet {
namespace {

bool is_json(const http::Request& request) {
  const auto type = request.header("content-type");
  return type && (boost::algorithm::iequals(*type, "application/json") ||
                  boost::algorithm::istarts_with(*type, "application/json;"));
}

}  // namespace

boost::asio::awaitable<Result<boost::json::value>> read_json_body(const http::Request& request,
                                                                  http::BodyReader& body) {
  const auto text = co_await body.read(kRequestBytes);
  if (!text) co_return std::unexpected(text.error());
  if (!is_json(request))
    co_return failure(ErrorCode::kUnsupportedMedia, "Send the body as Content-Type: application/json.");
  co_return parse_json(*text);
}

}  // namespace runbook::fleet
