#include "controller/http/body_reader.hpp"

namespace runbook::http {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kFirstPiece = 4 * 1024;  // so that those who send nothing hold little
constexpr std::size_t kMostPiece = 64 * 1024;
constexpr std::size_t kDiscardBytes = 64 * 1024;
constexpr std::size_t kLowestRate = 1024;  // bytes per second

}  // namespace

ConnectionBody::ConnectionBody(TimedStream& stream, std::string& input, RequestParser& parser,
                               const ServerTimes& times)
    : stream_(stream), input_(input), parser_(parser), times_(times) {}

asio::awaitable<Result<std::string>> ConnectionBody::read(std::size_t limit) {
  const bool first = !asked_;
  asked_ = true;
  started_ = TimedStream::Clock::now();
  bool invited = !first || !parser_.expects_continue();
  std::size_t piece = kFirstPiece;
  for (;;) {
    const auto taken = parser_.take_body(input_, limit);
    if (!taken) {
      broken_ = true;
      const bool large = taken.error().status == 413;
      co_return failure(large ? ErrorCode::kTooLarge : ErrorCode::kMalformed,
                        std::string(taken.error().message));
    }
    if (*taken) co_return parser_.take_text();
    if (!invited) {
      invited = true;
      if (!co_await invite()) break;
    }
    const auto before = input_.size();
    const auto end = co_await stream_.read(input_, piece, deadline());
    if (input_.size() - before == piece) piece = std::min(2 * piece, kMostPiece);
    if (end == TimedStream::ReadEnd::kData) continue;
    if (end == TimedStream::ReadEnd::kEnded) break;
    broken_ = true;
    co_return failure(ErrorCode::kMalformed, "The request's body came too slowly.");
  }
  broken_ = true;
  co_return failure(ErrorCode::kMalformed, "The request's body ended early.");
}

asio::awaitable<bool> ConnectionBody::invite() {
  co_return co_await stream_.write("HTTP/1.1 100 Continue\r\n\r\n", times_.header);
}

// The nearer of the time for the whole body and the moment at which what came would be too little.
TimedStream::Clock::time_point ConnectionBody::deadline() const {
  const std::chrono::seconds earned{parser_.body_bytes() / kLowestRate};
  return started_ + std::min<std::chrono::milliseconds>(times_.body, times_.body_grace + earned);
}

bool ConnectionBody::worth_discarding() const {
  if (broken_) return false;
  if (parser_.complete()) return true;
  if (asked_ || parser_.expects_continue()) return false;
  return parser_.content_length() && *parser_.content_length() <= kDiscardBytes;
}

asio::awaitable<bool> ConnectionBody::discard() {
  if (parser_.complete()) co_return true;
  const auto dropped = co_await read(kDiscardBytes);
  co_return dropped.has_value();
}

}  // namespace runbook::http
