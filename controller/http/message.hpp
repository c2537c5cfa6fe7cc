// Request and Response as handlers see them: no Beast, no sockets.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/messages/result.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
std::string_view to_string(Method method);

struct Request {
  Method method = Method::kGet;
  std::string path;  // percent-decoded, no query; always begins with '/'
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  Headers headers;                                         // names in lower case, in order of arrival
  std::string request_id;                                  // made here; UUID text
  std::string remote_address;
  bool secure = false;           // arrived over TLS
  std::string peer_certificate;  // DER of the verified client certificate, empty without one
  bool upgrade = false;          // asks for a WebSocket
  std::optional<std::size_t> content_length;

  // The only value of the header; nothing when it is absent *or repeated* (see header_count).
  std::optional<std::string_view> header(std::string_view lower_case_name) const;
  std::size_t header_count(std::string_view lower_case_name) const;
  std::optional<std::string_view> query_value(std::string_view name) const;
};

// The body, not read yet: a handler decides on the head first (401, 403, 404, 405 come before 413 and 400).
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // The whole body, kTooLarge past `limit` bytes, kMalformed when its framing is broken or it ends early.
  virtual boost::asio::awaitable<Result<std::string>> read(std::size_t limit) = 0;
};

// A body that is made while it is sent (chunked): output with follow=true, downloads.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // The next piece, never empty; nothing at the end. Cancelled when the client leaves.
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
  // Ends when the answer must be cut off, whatever of it is on its way; by default never. Awaited beside
  // next(), cancelled when the answer ends.
  virtual boost::asio::awaitable<void> cut_off();
};

struct Response {
  unsigned status = 200;
  Headers headers = {};
  std::string body = {};
  std::string_view fixed_body = {};  // used instead of body when not empty: bytes that are there for ever
  std::unique_ptr<BodySource> stream = nullptr;  // used instead of body when set
  // Set to accept a WebSocket instead: runs with the open channel until the connection's end.
  std::function<boost::asio::awaitable<void>(transport::WebSocketChannel)> websocket = nullptr;
  std::string websocket_subprotocol = {};
};

}  // namespace runbook::http
