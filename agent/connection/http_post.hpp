// One HTTP/1.1 POST (RFC 9112) over a connection that is closed afterwards: all the HTTP an agent speaks.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <string>

#include "protocol/messages/result.hpp"
#include "protocol/transport/byte_stream.hpp"

namespace runbook::connection {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Sends `body` as application/json. kMalformed for an answer that is no HTTP/1.1 with a Content-Length or is
// over limits::kHttpBodyBytes. Throws boost::system::system_error; callers bound the time.
boost::asio::awaitable<Result<HttpAnswer>> http_post(transport::ByteStream& stream, std::string host,
                                                     std::string path, std::string body);

// The status and the length of the body from an answer's head, which ends with an empty line.
struct AnswerHead {
  int status = 0;
  std::size_t body_bytes = 0;
};
Result<AnswerHead> parse_answer_head(std::string_view head);

}  // namespace runbook::connection
