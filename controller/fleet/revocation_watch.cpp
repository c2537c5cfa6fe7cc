#include "controller/fleet/revocation_watch.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "controller/store/outage.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::fleet {

using boost::asio::awaitable;

RevocationWatch::RevocationWatch(boost::asio::any_io_executor executor, db::Database& database, Open open,
                                 Cut cut)
    : executor_(std::move(executor)), certificates_(database), open_(std::move(open)), cut_(std::move(cut)) {}

awaitable<void> RevocationWatch::run() {
  boost::asio::steady_timer timer(executor_);
  for (;;) {
    timer.expires_after(limits::kRevocationPoll);
    co_await timer.async_wait(boost::asio::use_awaitable);
    try {
      co_await look();
    } catch (const boost::system::system_error&) {
      throw;                                 // cancelled
    } catch (const std::exception& error) {  // whatever the database says: the next look is needed the more
      if (!store::is_outage(error))
        runtime::log_error({}, fmt::format("revocations are looked for again: {}", error.what()));
    }
  }
}

awaitable<void> RevocationWatch::look() {
  auto open = open_();
  if (open.empty()) co_return;
  auto ended = co_await certificates_.to_be_cut(std::move(open));
  for (auto& link : ended) co_await cut_(std::move(link));
}

}  // namespace runbook::fleet
