#include "controller/http/message.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace runbook::http {

std::string_view to_string(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
    case Method::kOptions: return "OPTIONS";
    case Method::kOther: break;
  }
  return "OTHER";
}

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const {
  std::optional<std::string_view> found;
  for (const auto& [name, value] : headers) {
    if (name != lower_case_name) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

std::size_t Request::header_count(std::string_view lower_case_name) const {
  std::size_t count = 0;
  for (const auto& entry : headers)
    if (entry.first == lower_case_name) ++count;
  return count;
}

boost::asio::awaitable<void> BodySource::cut_off() {
  namespace asio = boost::asio;
  asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::nullopt;
}

}  // namespace runbook::http
