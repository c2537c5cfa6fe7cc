#include "controller/api/output_reading.hpp"

#include <stdexcept>

#include "controller/auth/rights.hpp"

namespace runbook::api {

namespace {

constexpr std::chrono::seconds kJudgeEvery{1};

}  // namespace

store::OutputView read_view(QueryReader& query, const Call& call) {
  store::OutputView view{call.ids.front(), call.ids.back(), query.text("host"), std::nullopt};
  const auto stream = query.one_of("stream", {"stdout", "stderr"});
  if (stream) view.stream = *stream == "stdout" ? Stream::kStdout : Stream::kStderr;
  return view;
}

OutputAllowance::OutputAllowance(Call& call)
    : context_(call.context),
      credentials_(credentials_of(call.request, auth::Access::kRead)),
      judged_(std::chrono::steady_clock::now()) {}

boost::asio::awaitable<void> OutputAllowance::judge_again() {
  const auto now = std::chrono::steady_clock::now();
  if (now - judged_ < kJudgeEvery) co_return;
  judged_ = now;
  const auto principal = co_await context_.authenticator.authenticate(credentials_);
  if (!principal || !auth::allows(principal->roles, auth::Right::kRead))
    throw std::runtime_error("output was cut off: its reader may not read any more");
}

}  // namespace runbook::api
