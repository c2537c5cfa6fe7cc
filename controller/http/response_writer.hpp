// Puts a Response on the wire: head, body or chunks. No Beast.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "controller/http/message.hpp"
#include "controller/http/timed_stream.hpp"

namespace runbook::http {

// What the head says beyond the response itself.
struct HeadFacts {
  std::string_view request_id = {};
  bool secure = false;
  bool keep_alive = true;
  bool http_1_0 = false;
};

// Status line and headers with the empty line at the end. A header that could end the line early is left out
// and logged. Length, connection and security headers are added here.
std::string response_head(const Response& response, const HeadFacts& facts);
std::string_view bytes_of(const Response& response);   // its body, unless it is a stream
std::string http_date(std::chrono::sys_seconds time);  // IMF-fixdate, RFC 9110 §5.6.7

enum class StreamEnd {
  kWhole,   // all of it was sent and the connection may go on
  kLast,    // all of it was sent, but the connection cannot be read any more
  kCutOff,  // the client left, or the source failed: close without the last chunk
};

// Sends pieces of `source` until its end, watching for the client's departure meanwhile (the source is then
// cancelled). What the client sends already is appended to `input`.
boost::asio::awaitable<StreamEnd> send_stream(TimedStream& stream, std::string& input,
                                              std::unique_ptr<BodySource> source, bool chunked,
                                              TimedStream::Clock::duration stall);

}  // namespace runbook::http
