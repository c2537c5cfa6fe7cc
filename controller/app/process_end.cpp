#include "controller/app/process_end.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace runbook::app {

namespace asio = boost::asio;

asio::awaitable<void> process_end(asio::any_io_executor executor, runtime::ProcessIdentity process) {
  const int handle = process.open_handle();
  if (handle >= 0) {
    asio::posix::stream_descriptor watch{executor, handle};
    co_await watch.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
  }
  process.wait_for_end(std::chrono::milliseconds{0});
}

}  // namespace runbook::app
