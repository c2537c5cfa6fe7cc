// RequestParser: bytes of one HTTP/1.1 request (RFC 9112), fed as they come, become a Request and its body.
// Syntax is Beast's work; framing that two readers could understand differently is refused here. Does no I/O.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "controller/http/message.hpp"
#include "protocol/transport/websocket_upgrade.hpp"

namespace runbook::http {

// Why a request cannot be answered by a handler; the connection closes after saying so.
struct RequestFault {
  unsigned status;
  std::string_view code;
  std::string_view message;
};

class RequestParser {
 public:
  RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;
  ~RequestParser();

  // Takes the head from the front of `input` once it is there whole: true; false when more bytes are needed.
  std::expected<bool, RequestFault> take_head(std::string& input);

  // After the head:
  Request take_request();  // without ids, addresses and certificates, which the connection knows; once
  bool keep_alive() const;
  bool http_1_0() const;
  bool expects_continue() const;
  transport::UpgradeRequest upgrade_request() const;

  // Takes what there is of the body; true when it is complete. 413 past `limit` bytes.
  std::expected<bool, RequestFault> take_body(std::string& input, std::size_t limit);
  bool complete() const;
  std::optional<std::size_t> content_length() const;
  std::size_t body_bytes() const;  // decoded so far
  std::string take_text();         // the decoded body

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace runbook::http
