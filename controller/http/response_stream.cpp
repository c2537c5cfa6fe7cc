// Chunked sending with an eye on the client (declared in response_writer.hpp).
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "controller/http/response_writer.hpp"

namespace runbook::http {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kReadAheadPiece = 4 * 1024;
constexpr std::size_t kReadAheadBytes = 16 * 1024;

asio::awaitable<bool> pump(TimedStream& stream, BodySource& source, bool chunked,
                           TimedStream::Clock::duration stall) {
  std::string frame;
  while (auto piece = co_await source.next()) {
    if (piece->empty()) continue;  // an empty chunk would end the body
    if (!chunked) {
      frame = std::move(*piece);
    } else {
      frame = fmt::format("{:x}\r\n", piece->size());
      frame += *piece;
      frame += "\r\n";
    }
    if (!co_await stream.write(frame, stall)) co_return false;
  }
  if (!chunked) co_return true;
  co_return co_await stream.write("0\r\n\r\n", stall);
}

// Ends when the client has left. `reading` is true while cancelling would tear the stream apart.
asio::awaitable<void> notice_departure(TimedStream& stream, std::string& input, bool& reading) {
  while (input.size() < kReadAheadBytes) {
    co_await stream.wait_readable();
    reading = true;
    const auto end = co_await stream.read(input, kReadAheadPiece, TimedStream::Clock::time_point::max());
    reading = false;
    if (end != TimedStream::ReadEnd::kData) co_return;
  }
  // Enough is read ahead: from here on only a failing write tells that the client is gone.
  asio::steady_timer forever(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  co_await forever.async_wait(asio::use_awaitable);
}

}  // namespace

asio::awaitable<StreamEnd> send_stream(TimedStream& stream, std::string& input,
                                       std::unique_ptr<BodySource> source, bool chunked,
                                       TimedStream::Clock::duration stall) {
  bool reading = false;
  auto executor = co_await asio::this_coro::executor;
  auto group = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, pump(stream, *source, chunked, stall), asio::deferred),
      asio::co_spawn(executor, notice_departure(stream, input, reading), asio::deferred),
      asio::co_spawn(executor, source->cut_off(), asio::deferred));
  auto [order, pump_failure, sent, watch_failure, cut_failure] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  const bool left_or_cut = order[0] != 0;
  if (left_or_cut) co_return StreamEnd::kCutOff;
  if (pump_failure) std::rethrow_exception(pump_failure);
  if (!sent) co_return StreamEnd::kCutOff;
  co_return reading ? StreamEnd::kLast : StreamEnd::kWhole;
}

}  // namespace runbook::http
