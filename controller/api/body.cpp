#include "controller/api/body.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "controller/api/media.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::api {

namespace {

bool is_identity(std::string_view coding) {
  constexpr std::string_view kIdentity = "identity";
  return std::ranges::equal(coding, kIdentity, [](char a, char b) { return (a | 0x20) == b; });
}

Result<void> judge_media(const http::Request& request, bool is_known) {
  if (!is_known) {
    return failure(ErrorCode::kUnsupportedMedia, "Send the body as Content-Type: application/json.");
  }
  const auto coding = request.header("content-encoding");
  if (request.header_count("content-encoding") > 0 && !is_identity(coding.value_or(""))) {
    return failure(ErrorCode::kUnsupportedMedia, "Send the body without Content-Encoding.");
  }
  return {};
}

boost::asio::awaitable<Result<void>> read_yaml(std::string text, Call& call) {
  call.body_text = text;
  auto job = [text = std::move(text)]() mutable { return yaml::read(std::move(text)); };
  auto document = co_await call.context.pool.run(std::move(job));
  if (!document) co_return std::unexpected(std::move(document.error()));
  call.body = document->value;
  call.yaml = std::move(*document);
  co_return Result<void>{};
}

}  // namespace

boost::asio::awaitable<Result<void>> read_body(http::BodyReader& reader, BodyKind kind, Call& call) {
  if (kind == BodyKind::kNone) co_return Result<void>{};
  const bool is_long = kind == BodyKind::kDocument;
  const auto limit = is_long ? limits::kHttpDocumentBodyBytes : limits::kHttpBodyBytes;
  auto text = co_await reader.read(limit);
  if (!text) co_return std::unexpected(std::move(text.error()));
  const bool typed = call.request.header_count("content-type") > 0;
  if (text->empty() && kind == BodyKind::kOptional && !typed) {
    call.body = boost::json::object{};
    co_return Result<void>{};
  }
  const auto type = call.request.header("content-type").value_or("");
  const bool is_yaml = kind == BodyKind::kRunbook && is_media_type(type, kYaml);
  if (auto media = judge_media(call.request, is_yaml || is_media_type(type, kJson)); !media) co_return media;
  if (text->empty() && kind == BodyKind::kOptional) {
    call.body = boost::json::object{};
    co_return Result<void>{};
  }
  if (is_yaml) co_return co_await read_yaml(std::move(*text), call);
  auto value = parse_json(*text);
  if (!value) co_return std::unexpected(std::move(value.error()));
  call.body = std::move(*value);
  call.body_text = std::move(*text);
  co_return Result<void>{};
}

}  // namespace runbook::api
