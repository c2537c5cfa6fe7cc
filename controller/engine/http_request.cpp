#include "controller/engine/http_request.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <memory>
#include <new>

#include "controller/engine/http_transfer.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::engine {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What another origin may see: any other header may be a credential.
void drop_credentials(domain::ApiRequest& request) {
  request.credential.reset();
  constexpr std::array<std::string_view, 3> kHarmless = {"accept", "accept-language", "user-agent"};
  std::erase_if(request.headers, [&](const auto& header) {
    return std::ranges::none_of(kHarmless,
                                [&](auto name) { return boost::algorithm::iequals(name, header.first); });
  });
}

HttpAnswer refused(std::string error, bool sent) {
  HttpAnswer answer;
  answer.error = std::move(error);
  answer.sent = sent;
  return answer;
}

}  // namespace

Result<HttpOrigin> HttpOrigin::of(const std::string& url) {
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
  if (!parsed) throw std::bad_alloc();
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return failure(ErrorCode::kInvalid, "the URL cannot be read");
  }
  HttpOrigin origin{part(parsed.get(), CURLUPART_SCHEME),
                    boost::algorithm::to_lower_copy(part(parsed.get(), CURLUPART_HOST)),
                    part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  if (origin.scheme != "http" && origin.scheme != "https") {
    return failure(ErrorCode::kInvalid, fmt::format("{}: is not http or https", origin.scheme));
  }
  char* user = nullptr;
  const bool has_user = curl_url_get(parsed.get(), CURLUPART_USER, &user, 0) == CURLUE_OK;
  curl_free(user);
  if (has_user) return failure(ErrorCode::kInvalid, "a URL must not hold a user name or password");
  return origin;
}

HttpAnswer send_request(domain::ApiRequest request, const HttpLimits& limits,
                        const std::atomic<bool>& cancelled) {
  const bool follows = (request.method == "GET" || request.method == "HEAD") && request.body.empty();
  std::optional<HttpOrigin> last;
  bool sent = false;
  for (int hops = 0;; ++hops) {
    const auto origin = HttpOrigin::of(request.url);
    if (!origin) return refused(origin.error().message, sent);
    if (last && *last != *origin) drop_credentials(request);
    last = *origin;
    HttpTransfer transfer(request, *last, limits);
    auto answer = transfer.run(cancelled);
    sent = answer.sent = answer.sent || sent;
    if (!follows || !answer.error.empty() || !is_redirect(answer.status)) return answer;
    if (limits.is_expected(answer.status)) return answer;
    auto target = transfer.redirect();
    if (target.empty()) return answer;
    if (hops == limits::kApiRedirects) {
      return refused(fmt::format("the answer is a redirect for more than {} times", limits::kApiRedirects),
                     sent);
    }
    request.url = std::move(target);
  }
}

}  // namespace runbook::engine
