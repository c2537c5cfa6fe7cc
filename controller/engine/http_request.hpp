// One HTTP request through libcurl, with its redirects: blocking, so for threads of its own. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/domain/network_guard.hpp"
#include "controller/domain/preparation.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::engine {

// Where a request goes, from its URL.
struct HttpOrigin {
  std::string scheme;  // http or https
  std::string host;    // lower case; IPv6 in brackets
  std::string port;

  std::string authority() const { return host + ":" + port; }
  bool operator==(const HttpOrigin&) const = default;

  // kInvalid for other schemes, for a user name in the URL and for what is no URL.
  static Result<HttpOrigin> of(const std::string& url);
};

struct HttpAnswer {
  int status = 0;                                            // 0: no answer
  std::vector<std::pair<std::string, std::string>> headers;  // of the last answer, names in lower case
  std::string body;
  std::string error;       // why there is no whole answer
  bool transient = false;  // with an error: another try may help
  bool sent = false;       // something of a request left
  bool given_up = false;   // because of `cancelled`
};

struct HttpLimits {
  std::vector<domain::Network> allowed;  // networks that may be reached although they are not public
  std::chrono::steady_clock::time_point deadline;
  std::function<bool(int)> is_expected;  // an expected redirect is the answer and is not followed
};

// Ends at the deadline, or within a tenth of a second after `cancelled` became true. GET and HEAD without a
// body follow redirects; another origin then sees neither `request.credential` nor headers that may hold one,
// and the first one not again either. The answer is as it came: api_outcome.hpp masks it.
HttpAnswer send_request(domain::ApiRequest request, const HttpLimits& limits,
                        const std::atomic<bool>& cancelled);

}  // namespace runbook::engine
