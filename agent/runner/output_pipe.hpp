// OutputPipe: the reading end of a command's stdout or stderr. Reads while the receiver has room, so that a
// slow receiver slows the command down and nothing is lost. I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <optional>
#include <string>

#include "agent/runner/command.hpp"
#include "agent/runner/file_descriptor.hpp"
#include "agent/runner/wakeup.hpp"
#include "protocol/messages/masker.hpp"

namespace runbook::runner {

class OutputPipe {
 public:
  // With `masker`, which must outlive the pipe, what is read is masked before anybody gets it.
  OutputPipe(boost::asio::any_io_executor executor, Stream stream, FileDescriptor end,
             const Masker* masker = nullptr);

  // Returns at end of file, or once finish() was called and the pipe is empty. `buffer` is only used between
  // two suspensions, so pipes may share it.
  boost::asio::awaitable<void> read_all(ProcessEvents& events, std::string& buffer);

  void read_on() { room_.notify(); }
  // Stop waiting for more: what is in the pipe now is still read, and little else should someone go on
  // writing.
  void finish();

  bool ended() const { return ended_; }              // read_all() returned
  bool reached_end() const { return reached_end_; }  // by end of file

 private:
  enum class Read { kSome, kNothing, kEnd };
  Read read_once(ProcessEvents& events, std::string& buffer, std::size_t room);
  void deliver(ProcessEvents& events, std::size_t room);
  boost::asio::awaitable<void> until_readable();

  Stream stream_;
  boost::asio::posix::stream_descriptor end_;
  Wakeup room_;
  std::optional<MaskingStream> masking_;
  std::string masked_;  // what there was no room for yet
  bool finishing_ = false;
  std::size_t budget_ = 0;  // bytes still read when finishing
  bool ended_ = false;
  bool reached_end_ = false;
};

}  // namespace runbook::runner
