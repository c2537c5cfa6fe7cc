#include "protocol/runtime/expected_end.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>

#include <string_view>
#include <system_error>

namespace runbook::runtime {
namespace {

// Beast stays out of this folder, so its two ends are known by category name and number.
bool is_beast_end(const boost::system::error_code& code) {
  constexpr int kTimeout = 1;  // beast::error::timeout
  constexpr int kClosed = 1;   // websocket::error::closed
  const std::string_view category = code.category().name();
  return (category == "boost.beast" && code.value() == kTimeout) ||
         (category == "boost.beast.websocket" && code.value() == kClosed);
}

}  // namespace

bool expected_end(const boost::system::error_code& code) {
  namespace error = boost::asio::error;
  return code == error::eof || code == boost::asio::ssl::error::stream_truncated ||
         code == error::operation_aborted || code == error::connection_reset ||
         code == error::connection_aborted || code == error::broken_pipe || code == error::not_connected ||
         code == error::timed_out || code == error::network_reset || code == error::network_down ||
         code == error::network_unreachable || code == error::host_unreachable ||
         code == error::bad_descriptor || is_beast_end(code);
}

bool expected_end(const std::exception_ptr& exception) {
  if (!exception) return true;
  try {
    std::rethrow_exception(exception);
  } catch (const boost::system::system_error& error) {
    return expected_end(error.code());
  } catch (...) {
    return false;
  }
}

std::string describe(const std::exception_ptr& exception) {
  if (!exception) return {};
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of an unknown type";
  }
}

}  // namespace runbook::runtime
