#include "agent/connection/http_post.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "protocol/messages/limits.hpp"

namespace runbook::connection {

namespace asio = boost::asio;

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::unexpected<Error> not_http() {
  return failure(ErrorCode::kMalformed, "What answers at this address is not a controller.");
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<AnswerHead> parse_answer_head(std::string_view head) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  constexpr std::size_t kStatusDigits = 3;
  if (!head.starts_with(kVersion)) return not_http();
  const auto status = number<int>(head.substr(kVersion.size(), kStatusDigits));
  std::optional<std::size_t> length;
  bool chunked = false;
  for (head.remove_prefix(std::min(head.find(kLineEnd), head.size() - kLineEnd.size()) + kLineEnd.size());
       !head.empty();) {
    const std::size_t end = std::min(head.find(kLineEnd), head.size());
    const auto line = head.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
      const auto name = line.substr(0, colon);
      if (same_name(name, "Content-Length")) length = number<std::size_t>(line.substr(colon + 1));
      if (same_name(name, "Transfer-Encoding")) chunked = true;
    }
    head.remove_prefix(std::min(end + kLineEnd.size(), head.size()));
  }
  if (!status || !length || chunked || *length > limits::kHttpBodyBytes) return not_http();
  return AnswerHead{*status, *length};
}

asio::awaitable<Result<HttpAnswer>> http_post(transport::ByteStream& stream, std::string host,
                                              std::string path, std::string body) {
  const std::string request = fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
      "Connection: close\r\nUser-Agent: runbook-agent/{}\r\n\r\n{}",
      path, host, body.size(), RUNBOOK_VERSION, body);
  co_await asio::async_write(stream, asio::buffer(request), asio::use_awaitable);

  std::string received;
  auto head_buffer = asio::dynamic_buffer(received, limits::kHttpHeaderBytes);
  const std::size_t head_bytes =
      co_await asio::async_read_until(stream, head_buffer, kHeadEnd, asio::use_awaitable);
  const auto head = parse_answer_head(std::string_view(received).substr(0, head_bytes));
  if (!head) co_return std::unexpected(head.error());

  HttpAnswer answer;
  answer.status = head->status;
  answer.body = received.substr(head_bytes, head->body_bytes);
  const std::size_t missing = head->body_bytes - answer.body.size();
  auto body_buffer = asio::dynamic_buffer(answer.body);
  if (missing > 0) {
    co_await asio::async_read(stream, body_buffer, asio::transfer_exactly(missing), asio::use_awaitable);
  }
  co_return answer;
}

}  // namespace runbook::connection
