#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"
#include "controller/auth/rights.hpp"

namespace runbook::api {

namespace {

using boost::asio::awaitable;

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::chrono::milliseconds kFollowWait{1000};  // between looks for what other controllers commit
constexpr std::chrono::seconds kJudgeEvery{1};

// Reads the stored bytes in pieces while they are sent, so that memory does not grow with the output.
class OutputSource : public http::BodySource {
 public:
  OutputSource(Context& context, auth::Credentials credentials, store::OutputView view, std::uint64_t offset,
               std::uint64_t limit, bool follow)
      : context_(context),
        credentials_(std::move(credentials)),
        view_(std::move(view)),
        offset_(offset),
        left_(limit),
        follow_(follow),
        judged_(std::chrono::steady_clock::now()) {}

  awaitable<std::optional<std::string>> next() override {
    while (left_ > 0) {
      co_await judge_again();
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, kPieceBytes));
      auto piece = co_await context_.output.read(view_, offset_, wanted);
      if (!piece) throw std::runtime_error("output could not be read on: " + piece.error().message);
      if (!piece->data.empty()) co_return take(std::move(piece->data));
      if (!follow_ || piece->step_ended) break;
      co_await context_.live.wait_output(view_.step, kFollowWait);
    }
    co_return std::nullopt;
  }

 private:
  std::string take(std::string data) {
    if (data.size() > left_) data.resize(static_cast<std::size_t>(left_));
    left_ -= data.size();
    offset_ += data.size();
    return data;
  }

  // A key that was revoked meanwhile must not go on reading; the broken answer tells that it is not the whole
  // output.
  awaitable<void> judge_again() {
    const auto now = std::chrono::steady_clock::now();
    if (now - judged_ < kJudgeEvery) co_return;
    judged_ = now;
    const auto principal = co_await context_.authenticator.authenticate(credentials_);
    if (!principal || !auth::allows(principal->roles, auth::Right::kRead))
      throw std::runtime_error("output was cut off: its reader may not read any more");
  }

  Context& context_;
  auth::Credentials credentials_;
  store::OutputView view_;
  std::uint64_t offset_;
  std::uint64_t left_;
  bool follow_;
  std::chrono::steady_clock::time_point judged_;
};

store::OutputView read_view(QueryReader& query, const Call& call) {
  store::OutputView view{call.ids.front(), call.ids.back(), query.text("host"), std::nullopt};
  const auto stream = query.one_of("stream", {"stdout", "stderr"});
  if (stream) view.stream = *stream == "stdout" ? Stream::kStdout : Stream::kStderr;
  return view;
}

}  // namespace

HandlerAnswer get_output(Call& call) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  QueryReader query(call.request);
  auto view = read_view(query, call);
  const auto offset = query.number("offset", 0, kMost);
  const auto limit = query.number("limit", 1, kMost);
  const auto line = query.number("from_line", 1, kMost);
  const bool follow = query.flag("follow");
  if (line && offset) query.fault("from_line", domain::fault::kBadValue, "Give either offset or from_line.");
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  const auto checked = co_await call.context.output.check(view);
  if (!checked) co_return std::unexpected(checked.error());
  std::uint64_t begin = offset.value_or(0);
  if (line) {
    const auto found = co_await call.context.output.line_offset(view, *line);
    if (!found) co_return std::unexpected(found.error());
    begin = *found;
  }
  http::Response response;
  response.headers = {
      {"Content-Type", "text/plain; charset=utf-8"},
      {"Content-Disposition", fmt::format("attachment; filename=\"{}.txt\"", view.step.str())},
      {"X-Content-Type-Options", "nosniff"}};
  auto credentials = credentials_of(call.request, auth::Access::kRead);
  response.stream = std::make_unique<OutputSource>(call.context, std::move(credentials), std::move(view),
                                                   begin, limit.value_or(kMost), follow);
  co_return response;
}

HandlerAnswer search_output(Call& call) {
  constexpr std::size_t kMostPatternBytes = limits::kPatternBytes;
  QueryReader query(call.request);
  auto view = read_view(query, call);
  auto pattern = query.text("q");
  const bool regex = query.flag("regex");
  const auto limit = query.limit();
  if (!pattern || pattern->empty()) {
    query.fault("q", domain::fault::kRequired, "q is required: the text to look for.");
  } else if (pattern->size() > kMostPatternBytes) {
    query.fault("q", domain::fault::kTooLong, fmt::format("q may have at most {} bytes.", kMostPatternBytes));
  }
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  const auto checked = co_await call.context.output.check(view);
  if (!checked) co_return std::unexpected(checked.error());
  const auto found = co_await call.context.output.search(std::move(view), std::move(*pattern), regex, limit);
  if (!found) co_return std::unexpected(found.error());
  co_return ok(*found);
}

}  // namespace runbook::api
