#include <algorithm>
#include <string_view>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/http/ui_assets.hpp"

namespace runbook::api {

namespace {

constexpr std::string_view kFolder = "/ui/";

// "br;q=0" and "*" are not worth a parser: an encoding counts when it is named and not refused.
bool accepts(const http::Request& request, std::string_view encoding) {
  const auto header = request.header("accept-encoding").value_or("");
  const auto at = header.find(encoding);
  if (at == std::string_view::npos) return false;
  const auto rest = header.substr(at + encoding.size());
  return !rest.starts_with(";q=0") || rest.starts_with(";q=0.");
}

const http::Asset* find_asset(std::string_view path) {
  if (path.empty()) return &http::ui_page();
  if (const auto* asset = http::find_ui_asset(path)) return asset;
  const auto name = path.substr(path.rfind('/') + 1);
  return name.find('.') == std::string_view::npos ? &http::ui_page() : nullptr;
}

http::Response asset_response(const http::Asset& asset, const http::Request& request) {
  http::Response response;
  auto body = asset.identity;
  std::string_view encoding;
  if (!asset.brotli.content.empty() && accepts(request, "br")) {
    body = asset.brotli;
    encoding = "br";
  } else if (!asset.gzip.content.empty() && accepts(request, "gzip")) {
    body = asset.gzip;
    encoding = "gzip";
  }
  response.headers = {
      {"Content-Type", std::string(asset.content_type)},
      {"ETag", std::string(body.etag)},
      {"Vary", "Accept-Encoding"},
      {"Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (request.header("if-none-match") == body.etag) {
    response.status = 304;
    return response;
  }
  if (!encoding.empty()) response.headers.emplace_back("Content-Encoding", std::string(encoding));
  response.fixed_body = body.content;
  return response;
}

}  // namespace

HandlerAnswer get_ui(Call& call) {
  const auto* asset = find_asset(std::string_view(call.request.path).substr(kFolder.size()));
  if (asset == nullptr) co_return failure(ErrorCode::kNotFound, "There is no such file.");
  co_return asset_response(*asset, call.request);
}

HandlerAnswer go_to_ui(Call&) {
  http::Response response;
  response.status = 302;
  response.headers.emplace_back("Location", std::string(kFolder));
  co_return response;
}

}  // namespace runbook::api
