#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/output_reading.hpp"
#include "controller/api/standing.hpp"

namespace runbook::api {

namespace {

using boost::asio::awaitable;

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::chrono::milliseconds kFollowWait{1000};  // between looks for what other controllers commit

// Reads the stored bytes in pieces while they are sent, so that memory does not grow with the output.
class OutputSource : public JudgedSource {
 public:
  OutputSource(Call& call, store::OutputView view, std::uint64_t offset, std::uint64_t limit, bool follow)
      : JudgedSource(call),
        context_(call.context),
        view_(std::move(view)),
        offset_(offset),
        left_(limit),
        follow_(follow) {}

  awaitable<std::optional<std::string>> next() override {
    while (left_ > 0) {
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

  Context& context_;
  store::OutputView view_;
  std::uint64_t offset_;
  std::uint64_t left_;
  bool follow_;
};

}  // namespace

HandlerAnswer get_output(Call& call) {
  QueryReader query(call.request);
  auto view = read_view(query, call);
  const auto offset = query.number("offset", 0, kMostOffset);
  const auto limit = query.number("limit", 1, kMostOffset);
  const auto line = query.number("from_line", 1, kMostOffset);
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
  response.stream =
      std::make_unique<OutputSource>(call, std::move(view), begin, limit.value_or(kMostOffset), follow);
  co_return response;
}

HandlerAnswer search_output(Call& call) {
  constexpr std::size_t kMostPatternBytes = limits::kPatternBytes;
  QueryReader query(call.request);
  auto view = read_view(query, call);
  auto pattern = query.text("q");
  store::OutputSearch search;
  search.query.regex = query.flag("regex");
  search.query.texts = query.one_of("text", {"true", "false"}) != "false";
  search.until = query.number("until", 0, kMostOffset);
  search.page.limit = static_cast<std::size_t>(
      query.number("limit", 1, store::kMostSearchLines).value_or(limits::kPageItemsDefault));
  search.page.cursor = query.text("cursor");
  if (!pattern || pattern->empty()) {
    query.fault("q", domain::fault::kRequired, "q is required: the text to look for.");
  } else if (pattern->size() > kMostPatternBytes) {
    query.fault("q", domain::fault::kTooLong, fmt::format("q may have at most {} bytes.", kMostPatternBytes));
  }
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  search.query.pattern = std::move(*pattern);
  const auto found = co_await call.context.output.search(std::move(view), std::move(search));
  if (!found) co_return std::unexpected(found.error());
  co_return ok(*found);
}

}  // namespace runbook::api
