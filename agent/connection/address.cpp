#include "agent/connection/address.hpp"

#include <boost/url/parse.hpp>
#include <fmt/format.h>

namespace runbook::connection {

Result<ControllerAddress> parse_address(std::string_view url) {
  const auto refused = [url] {
    return failure(ErrorCode::kInvalid, fmt::format("\"{}\" is not the address of a controller: write "
                                                    "https://HOST:PORT.",
                                                    url));
  };
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return refused();
  const auto& uri = *parsed;
  const bool bare = (uri.encoded_path().empty() || uri.encoded_path() == "/") && !uri.has_query() &&
                    !uri.has_fragment() && !uri.has_userinfo();
  if (uri.scheme() != "https" || !bare || uri.host_address().empty()) return refused();
  ControllerAddress address;
  address.url = std::string(url);
  address.host = uri.host_address();
  address.port = uri.has_port() && !uri.port().empty() ? std::string(uri.port()) : "443";
  return address;
}

}  // namespace runbook::connection
