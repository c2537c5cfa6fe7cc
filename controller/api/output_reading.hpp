// What the endpoints of output have in common: the query's view, and a reader who is judged again while the
// answer is sent.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

#include "controller/api/call.hpp"
#include "controller/api/query.hpp"

namespace runbook::api {

// The largest offset or position that may be asked for.
inline constexpr auto kMostOffset = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

store::OutputView read_view(QueryReader& query, const Call& call);

// Owned by the body that is sent.
class OutputAllowance {
 public:
  explicit OutputAllowance(Call& call);

  // Throws when the reader may not read any more: the broken answer tells that it is not the whole output.
  // Asks at most once a second.
  boost::asio::awaitable<void> judge_again();

 private:
  Context& context_;
  auth::Credentials credentials_;
  std::chrono::steady_clock::time_point judged_;
};

}  // namespace runbook::api
