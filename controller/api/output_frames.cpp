// Output for programs that show it by lines: where lines begin, and parts of it as frames.
#include <algorithm>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/output_reading.hpp"
#include "controller/api/standing.hpp"
#include "controller/live/live_frame.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::api {

namespace {

namespace json = boost::json;
using boost::asio::awaitable;

// Encodes the stored pieces while they are sent, so that memory does not grow with the output.
class FrameSource : public JudgedSource {
 public:
  FrameSource(Call& call, Uuid step, store::OutputPieces pieces)
      : JudgedSource(call), step_(step), pieces_(std::move(pieces)), indices_(pieces_.owners().size()) {}

  awaitable<std::optional<std::string>> next() override {
    const auto pieces = co_await pieces_.next();
    if (pieces.empty()) co_return std::nullopt;
    std::string records;
    for (const auto& piece : pieces) add(records, piece);
    co_return records;
  }

 private:
  void add(std::string& records, const store::OwnedPiece& piece) {
    live::LiveFrame frame;
    frame.index = announced(records, piece.owner);
    frame.stream = piece.stream;
    frame.offset = piece.offset;
    frame.first_line = static_cast<std::uint32_t>(piece.first_line + 1);
    frame.begins_line = piece.begins_line;
    for (std::string_view rest = piece.data; !rest.empty(); rest.remove_prefix(frame.data.size())) {
      frame.data = rest.substr(0, limits::kFrameDataBytes);
      live::append_frame_record(records, live::encode_live_frame(frame));
      frame.offset += frame.data.size();
      frame.first_line += static_cast<std::uint32_t>(std::ranges::count(frame.data, '\n'));
      frame.begins_line = frame.data.ends_with('\n');
    }
  }

  std::uint32_t announced(std::string& records, std::size_t place) {
    auto& index = indices_[place];
    if (index) return *index;
    index = next_index_++;
    const auto& owner = pieces_.owners()[place];
    json::object stream;
    stream["index"] = *index;
    stream["step_id"] = step_.str();
    stream["agent_id"] = store::json_or_null(owner.agent);
    stream["host"] = store::json_or_null(owner.host);
    stream["attempt"] = store::json_or_null(owner.attempt);
    live::append_frame_record(records, live::encode_stream_frame(*index, json::serialize(stream)));
    return *index;
  }

  Uuid step_;
  store::OutputPieces pieces_;
  std::vector<std::optional<std::uint32_t>> indices_;  // by owner, once it was announced
  std::uint32_t next_index_ = 0;
};

}  // namespace

HandlerAnswer get_output_index(Call& call) {
  QueryReader query(call.request);
  auto view = read_view(query, call);
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  const auto index = co_await call.context.output.index(std::move(view));
  if (!index) co_return std::unexpected(index.error());
  co_return ok(*index);
}

HandlerAnswer get_output_frames(Call& call) {
  QueryReader query(call.request);
  auto view = read_view(query, call);
  const auto from = query.number("from", 0, kMostOffset);
  const auto to = query.number("to", 0, kMostOffset);
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  const auto step = view.step;
  auto pieces = co_await call.context.output.pieces(std::move(view), from.value_or(0), to);
  if (!pieces) co_return std::unexpected(pieces.error());
  http::Response response;
  response.headers = {{"Content-Type", "application/octet-stream"},
                      {"Content-Disposition", "attachment"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.stream = std::make_unique<FrameSource>(call, step, std::move(*pieces));
  co_return response;
}

}  // namespace runbook::api
