#include "controller/http/timed_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace runbook::http {
namespace {

namespace asio = boost::asio;

constexpr auto kNever = TimedStream::Clock::time_point::max();
constexpr std::size_t kLingerPiece = 16 * 1024;
constexpr std::size_t kLowestRate = 1024;  // bytes per second

}  // namespace

// Outlives the TimedStream by at most one timer event, hence shared.
struct TimedStream::Watch : std::enable_shared_from_this<Watch> {
  explicit Watch(transport::ByteStream& watched) : stream(&watched), timer(watched.get_executor()) {}

  void wait_until(Clock::time_point when) {
    armed_for = when;
    timer.expires_at(when);
    timer.async_wait([self = shared_from_this(), mine = ++generation](boost::system::error_code) {
      if (mine == self->generation) self->woke();  // otherwise a nearer wait took its place
    });
  }

  void woke() {
    armed_for = kNever;
    if (stream == nullptr) return;
    const Clock::time_point next = std::min(deadlines[kRead], deadlines[kWrite]);
    if (next == kNever) return;
    const Clock::time_point now = Clock::now();
    if (next > now) {
      wait_until(next);
      return;
    }
    for (const Side side : {kRead, kWrite}) fired[side] = deadlines[side] <= now;
    boost::system::error_code ignored;
    stream->next_layer().cancel(ignored);
  }

  transport::ByteStream* stream;
  asio::steady_timer timer;
  std::array<Clock::time_point, 2> deadlines{kNever, kNever};
  std::array<bool, 2> fired{};
  Clock::time_point armed_for = kNever;
  std::uint64_t generation = 0;
};

TimedStream::TimedStream(transport::ByteStream stream)
    : stream_(std::move(stream)), watch_(std::make_shared<Watch>(stream_)) {}

TimedStream::~TimedStream() {
  watch_->stream = nullptr;
  watch_->timer.cancel();
}

void TimedStream::arm(Side side, Clock::time_point deadline) {
  watch_->deadlines[side] = deadline;
  watch_->fired[side] = false;
  if (deadline < watch_->armed_for) watch_->wait_until(deadline);
}

bool TimedStream::disarm(Side side) {
  watch_->deadlines[side] = kNever;
  return watch_->fired[side];
}

asio::awaitable<bool> TimedStream::handshake(Clock::time_point deadline) {
  arm(kRead, deadline);
  bool done = true;
  try {
    co_await stream_.handshake();
  } catch (const boost::system::system_error&) {
    done = false;
  }
  const bool late = disarm(kRead);
  co_return done && !late;
}

asio::awaitable<TimedStream::ReadEnd> TimedStream::read(std::string& into, std::size_t most,
                                                        Clock::time_point deadline) {
  const std::size_t before = into.size();
  into.resize(before + most);
  arm(kRead, deadline);
  auto [error, count] = co_await stream_.async_read_some(asio::buffer(into.data() + before, most),
                                                         asio::as_tuple(asio::use_awaitable));
  const bool late = disarm(kRead);
  into.resize(before + (error ? 0 : count));
  if (late) co_return ReadEnd::kTimedOut;
  co_return error || count == 0 ? ReadEnd::kEnded : ReadEnd::kData;
}

asio::awaitable<bool> TimedStream::write(std::string_view data, Clock::duration stall) {
  const auto whole_by = Clock::now() + stall + std::chrono::seconds(data.size() / kLowestRate);
  while (!data.empty()) {
    arm(kWrite, std::min(Clock::now() + stall, whole_by));
    auto [error, count] = co_await stream_.async_write_some(asio::buffer(data.data(), data.size()),
                                                            asio::as_tuple(asio::use_awaitable));
    const bool late = disarm(kWrite);
    if (error || late) co_return false;
    data.remove_prefix(count);
  }
  co_return true;
}

asio::awaitable<void> TimedStream::wait_readable() {
  co_await stream_.next_layer().async_wait(asio::ip::tcp::socket::wait_read, asio::use_awaitable);
}

asio::awaitable<void> TimedStream::linger(std::size_t most, Clock::time_point deadline) {
  stream_.shutdown_write();
  std::string dropped;
  std::size_t total = 0;
  while (total < most) {
    dropped.clear();
    const ReadEnd end = co_await read(dropped, kLingerPiece, deadline);
    if (end != ReadEnd::kData) break;
    total += dropped.size();
  }
  stream_.close();
}

void TimedStream::abort() noexcept { stream_.close(); }

void TimedStream::reset() noexcept {
  boost::system::error_code ignored;
  stream_.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
  stream_.close();
}

transport::ByteStream TimedStream::release() {
  watch_->stream = nullptr;
  watch_->timer.cancel();
  return std::move(stream_);
}

}  // namespace runbook::http
