#include "agent/runner/output_pipe.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace runbook::runner {

namespace asio = boost::asio;

namespace {

// Beyond what the pipe holds when finish() is called: room to find the end of file.
constexpr std::size_t kFinishSlack = 64 * 1024;

}  // namespace

OutputPipe::OutputPipe(asio::any_io_executor executor, Stream stream, FileDescriptor end,
                       const Masker* masker)
    : stream_(stream), end_(executor, end.release()), room_(executor) {
  if (masker != nullptr) masking_.emplace(*masker);
}

void OutputPipe::finish() {
  if (finishing_ || ended_) return;
  finishing_ = true;
  int waiting = 0;
  ::ioctl(end_.native_handle(), FIONREAD, &waiting);
  budget_ = static_cast<std::size_t>(std::max(waiting, 0)) + kFinishSlack;
  boost::system::error_code ignored;
  end_.cancel(ignored);
}

OutputPipe::Read OutputPipe::read_once(ProcessEvents& events, std::string& buffer, std::size_t room) {
  const auto count = ::read(end_.native_handle(), buffer.data(), std::min(buffer.size(), room));
  if (count > 0) {
    if (finishing_) budget_ -= static_cast<std::size_t>(count);
    const std::string_view data(buffer.data(), static_cast<std::size_t>(count));
    if (!masking_) {
      events.output(stream_, data);
    } else {
      masking_->feed(data, masked_);
      if (!masked_.empty()) deliver(events, room);
    }
    return Read::kSome;
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Read::kNothing;
  reached_end_ = true;
  return Read::kEnd;
}

// An end that was held back may make more of it than was read last.
void OutputPipe::deliver(ProcessEvents& events, std::size_t room) {
  const auto piece = masked_.substr(0, room);
  masked_.erase(0, piece.size());
  events.output(stream_, piece);
}

asio::awaitable<void> OutputPipe::until_readable() {
  boost::system::error_code ended;
  co_await end_.async_wait(asio::posix::descriptor_base::wait_read,
                           asio::redirect_error(asio::use_awaitable, ended));
}

asio::awaitable<void> OutputPipe::read_all(ProcessEvents& events, std::string& buffer) {
  bool over = false;
  while (!over || !masked_.empty()) {
    const std::size_t room = events.room();
    if (room == 0) {
      co_await room_.wait();
      continue;
    }
    if (!masked_.empty()) {
      deliver(events, room);
      continue;
    }
    if (!finishing_) co_await until_readable();
    // Asked again: the other pipe may have used the room meanwhile.
    const std::size_t still = events.room();
    if (still == 0) continue;
    const Read read = read_once(events, buffer, finishing_ ? std::min(still, budget_) : still);
    if (read == Read::kEnd || (finishing_ && (read == Read::kNothing || budget_ == 0))) {
      over = true;
      if (masking_) masking_->finish(masked_);
    }
  }
  ended_ = true;
  boost::system::error_code ignored;
  end_.close(ignored);
}

}  // namespace runbook::runner
