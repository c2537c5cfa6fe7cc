#include "controller/api/body.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::api {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// application/json, with charset utf-8 or none.
bool is_json(std::string_view content_type) {
  const auto end = std::min(content_type.find(';'), content_type.size());
  if (lower(trim(content_type.substr(0, end))) != "application/json") return false;
  auto rest = content_type.substr(end);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto next = std::min(rest.find(';'), rest.size());
    const auto parameter = lower(trim(rest.substr(0, next)));
    if (parameter.starts_with("charset=") && parameter != "charset=utf-8" &&
        parameter != "charset=\"utf-8\"") {
      return false;
    }
    rest = rest.substr(next);
  }
  return true;
}

Result<void> judge_media(const http::Request& request) {
  const auto type = request.header("content-type");
  if (!type || !is_json(*type)) {
    return failure(ErrorCode::kUnsupportedMedia, "Send the body as Content-Type: application/json.");
  }
  const auto coding = request.header("content-encoding");
  if (request.header_count("content-encoding") > 0 && lower(coding.value_or("")) != "identity") {
    return failure(ErrorCode::kUnsupportedMedia, "Send the body without Content-Encoding.");
  }
  return {};
}

}  // namespace

boost::asio::awaitable<Result<void>> read_body(http::BodyReader& reader, BodyKind kind, Call& call) {
  if (kind == BodyKind::kNone) co_return Result<void>{};
  auto text = co_await reader.read(limits::kHttpBodyBytes);
  if (!text) co_return std::unexpected(std::move(text.error()));
  const bool typed = call.request.header_count("content-type") > 0;
  if (text->empty() && kind == BodyKind::kOptional && !typed) {
    call.body = boost::json::object{};
    co_return Result<void>{};
  }
  if (auto media = judge_media(call.request); !media) co_return media;
  if (text->empty() && kind == BodyKind::kOptional) {
    call.body = boost::json::object{};
    co_return Result<void>{};
  }
  auto value = parse_json(*text);
  if (!value) co_return std::unexpected(std::move(value.error()));
  call.body = std::move(*value);
  call.body_text = std::move(*text);
  co_return Result<void>{};
}

}  // namespace runbook::api
