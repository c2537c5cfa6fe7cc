#include "controller/http/request_parser.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "controller/http/target.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;

constexpr RequestFault kBadRequest{400, "malformed", "The request is not proper HTTP/1.1."};
constexpr RequestFault kBadFraming{400, "malformed", "The length of the request's body is not clear."};
constexpr RequestFault kBadTarget{400, "malformed", "The request's path or query is not properly encoded."};
constexpr RequestFault kBadHost{400, "malformed", "The request needs exactly one Host header."};
constexpr RequestFault kBadBody{400, "malformed", "The request's body is not properly framed."};
constexpr RequestFault kHeadTooLarge{431, "header_too_large", "The request's header is longer than 16 KiB."};
constexpr RequestFault kBodyTooLarge{413, "too_large", "The request's body is too large."};
constexpr RequestFault kBadVersion{505, "http_version", "Only HTTP/1.1 is spoken here."};
constexpr RequestFault kBadExpectation{417, "expectation", "The only expectation met here is 100-continue."};

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

Method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get: return Method::kGet;
    case beast_http::verb::head: return Method::kHead;
    case beast_http::verb::post: return Method::kPost;
    case beast_http::verb::put: return Method::kPut;
    case beast_http::verb::patch: return Method::kPatch;
    case beast_http::verb::delete_: return Method::kDelete;
    case beast_http::verb::options: return Method::kOptions;
    default: return Method::kOther;
  }
}

// A bare CR, a bare LF or a NUL in the bytes from `from` on: other readers see other lines there.
bool has_stray_byte(std::string_view head, std::size_t from) {
  for (std::size_t i = from; i < head.size(); ++i) {
    if (head[i] == '\0') return true;
    if (head[i] == '\n' && (i == 0 || head[i - 1] != '\r')) return true;
    if (head[i] == '\r' && i + 1 < head.size() && head[i + 1] != '\n') return true;
  }
  return false;
}

bool has_folded_line(std::string_view head) {
  return head.find("\r\n ") != std::string_view::npos || head.find("\r\n\t") != std::string_view::npos;
}

bool clear_framing(const Request& request, bool http_1_0) {
  const std::size_t lengths = request.header_count("content-length");
  const std::size_t encodings = request.header_count("transfer-encoding");
  if (lengths + encodings > 1) return false;
  if (encodings == 1 &&
      (http_1_0 || !boost::algorithm::iequals(*request.header("transfer-encoding"), "chunked")))
    return false;
  if (lengths == 0) return true;
  const std::string_view length = *request.header("content-length");
  return !length.empty() && length.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

struct RequestParser::Impl {
  Impl() {
    parser.eager(false);
    parser.header_limit(static_cast<std::uint32_t>(limits::kHttpHeaderBytes));
    parser.body_limit(boost::none);  // judged by take_body(), when the handler has said how much it takes
  }

  std::expected<void, RequestFault> judge_head();

  beast_http::request_parser<beast_http::string_body> parser;
  Request request;
  std::size_t scanned = 0;  // bytes of the input that were already looked at for the head's end
};

RequestParser::RequestParser() : impl_(std::make_unique<Impl>()) {}
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;
RequestParser::~RequestParser() = default;

std::expected<bool, RequestFault> RequestParser::take_head(std::string& input) {
  Impl& self = *impl_;
  if (self.scanned == 0 && input.starts_with("\r\n")) input.erase(0, 2);  // RFC 9112 §2.2
  const std::size_t from = self.scanned < 3 ? 0 : self.scanned - 3;
  const std::size_t end = input.find("\r\n\r\n", from);
  const std::size_t size = end == std::string::npos ? input.size() : end + 4;
  const std::string_view head(input.data(), size);
  if (has_stray_byte(head, from)) return std::unexpected(kBadRequest);
  if (size > limits::kHttpHeaderBytes) return std::unexpected(kHeadTooLarge);
  if (end == std::string::npos) {
    self.scanned = size;
    return false;
  }
  if (has_folded_line(head)) return std::unexpected(kBadRequest);

  boost::beast::error_code error;
  const std::size_t taken = self.parser.put(asio::buffer(head.data(), head.size()), error);
  if (error == beast_http::error::bad_version) return std::unexpected(kBadVersion);
  if (error == beast_http::error::header_limit) return std::unexpected(kHeadTooLarge);
  if (error || taken != size || !self.parser.is_header_done()) return std::unexpected(kBadRequest);
  input.erase(0, size);
  if (auto judged = self.judge_head(); !judged) return std::unexpected(judged.error());
  return true;
}

std::expected<void, RequestFault> RequestParser::Impl::judge_head() {
  const auto& message = parser.get();
  if (message.version() != 11 && message.version() != 10) return std::unexpected(kBadVersion);
  request.method = method_of(message.method());
  for (const auto& field : message)
    request.headers.emplace_back(boost::algorithm::to_lower_copy(std::string(view(field.name_string()))),
                                 view(field.value()));
  if (!clear_framing(request, message.version() == 10)) return std::unexpected(kBadFraming);
  const std::size_t hosts = request.header_count("host");
  if (hosts > 1 || (hosts == 0 && message.version() == 11)) return std::unexpected(kBadHost);
  if (const auto expected = request.header("expect");
      expected && !boost::algorithm::iequals(*expected, "100-continue"))
    return std::unexpected(kBadExpectation);

  auto target = parse_target(view(message.target()));
  if (!target) return std::unexpected(kBadTarget);
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  if (request.header_count("content-length") == 1)
    request.content_length = static_cast<std::size_t>(parser.content_length().value_or(0));
  // A body before the upgrade would be taken for the first frames.
  if (request.header_count("upgrade") > 0 && parser.is_done())
    request.upgrade = transport::is_websocket_upgrade(transport::UpgradeRequest(message.base()));
  return {};
}

Request RequestParser::take_request() { return std::move(impl_->request); }

bool RequestParser::keep_alive() const { return impl_->parser.get().keep_alive(); }

bool RequestParser::http_1_0() const { return impl_->parser.get().version() == 10; }

bool RequestParser::expects_continue() const {
  return impl_->parser.get().count(beast_http::field::expect) > 0 && !http_1_0();
}

transport::UpgradeRequest RequestParser::upgrade_request() const {
  return transport::UpgradeRequest(impl_->parser.get().base());
}

std::expected<bool, RequestFault> RequestParser::take_body(std::string& input, std::size_t limit) {
  auto& parser = impl_->parser;
  if (parser.is_done()) return true;
  const auto length = parser.content_length();
  if (length && *length > limit) return std::unexpected(kBodyTooLarge);
  if (!parser.eager()) {
    parser.eager(true);
    if (!length) parser.body_limit(limit);
  }
  if (input.empty()) return false;
  boost::beast::error_code error;
  const std::size_t taken = parser.put(asio::buffer(input), error);
  input.erase(0, taken);
  if (error == beast_http::error::body_limit) return std::unexpected(kBodyTooLarge);
  if (error && error != beast_http::error::need_more) return std::unexpected(kBadBody);
  // A chunk's header or the trailer that never ends.
  if (!parser.is_done() && input.size() > limits::kHttpHeaderBytes) return std::unexpected(kBadBody);
  return parser.is_done();
}

bool RequestParser::complete() const { return impl_->parser.is_done(); }

std::optional<std::size_t> RequestParser::content_length() const {
  const auto length = impl_->parser.content_length();
  if (!length) return std::nullopt;
  return static_cast<std::size_t>(*length);
}

std::size_t RequestParser::body_bytes() const { return impl_->parser.get().body().size(); }

std::string RequestParser::take_text() { return std::move(impl_->parser.get().body()); }

}  // namespace runbook::http
