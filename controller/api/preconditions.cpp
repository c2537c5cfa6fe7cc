#include "controller/api/preconditions.hpp"

#include <fmt/format.h>

#include <charconv>

namespace runbook::api {

namespace {

std::unexpected<Error> stale() {
  return failure(ErrorCode::kPreconditionFailed,
                 "The runbook has another version by now: load it and apply the change there.");
}

}  // namespace

Result<std::optional<int>> expected_version(const http::Request& request) {
  if (request.header_count("if-match") == 0) return std::nullopt;
  const auto value = request.header("if-match");
  if (!value) return failure(ErrorCode::kMalformed, "Send If-Match once.");
  if (*value == "*") return std::nullopt;
  auto tag = *value;
  const bool weak = tag.starts_with("W/");
  if (weak) tag.remove_prefix(2);
  if (tag.size() < 2 || !tag.starts_with('"') || !tag.ends_with('"')) {
    return failure(ErrorCode::kMalformed, "If-Match must be the version number in quotes, as ETag gave it.");
  }
  tag = tag.substr(1, tag.size() - 2);
  int version = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  if (weak || error != std::errc{} || end != tag.data() + tag.size()) return stale();
  return version;
}

boost::asio::awaitable<Result<std::optional<int>>> judge_if_match(Call& call) {
  auto expected = expected_version(call.request);
  if (!expected || !*expected) co_return expected;
  const auto newest = co_await call.context.runbooks.version_number(call.ids.front(), call.reach);
  if (!newest) co_return std::unexpected(newest.error());
  if (*newest != **expected) co_return stale();
  co_return expected;
}

void add_etag(http::Response& response, const boost::json::object& runbook) {
  const auto number = runbook.at("version").as_object().at("version_number").as_int64();
  response.headers.emplace_back("ETag", fmt::format("\"{}\"", number));
}

}  // namespace runbook::api
