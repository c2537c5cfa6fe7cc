#include "controller/audit/checkpointer.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "controller/auth/secret.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::audit {

namespace asio = boost::asio;
using asio::awaitable;

Checkpointer::Checkpointer(asio::any_io_executor executor, store::AuditStore& rows,
                           const CheckpointFile& file, runtime::BlockingPool& pool)
    : executor_(executor), rows_(rows), file_(file), pool_(pool), tasks_(executor, "audit") {}

void Checkpointer::start() { tasks_.spawn("audit checkpoints", run()); }

awaitable<void> Checkpointer::stop() {
  co_await tasks_.stop();
  co_await write();
}

awaitable<void> Checkpointer::run() {
  asio::steady_timer timer(executor_);
  for (;;) {
    try {
      co_await write();
    } catch (const boost::system::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& error) {
      runtime::log_error({}, fmt::format("no checkpoint of the audit trail was written: {}", error.what()));
    }
    timer.expires_after(kEvery);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

awaitable<void> Checkpointer::write() {
  const auto head = co_await rows_.head();
  const auto mac = head ? auth::hex(head->mac) : std::string();
  if (last_ && head && head->id == last_->id && mac == last_->mac) co_return;
  co_await judge_last();
  if (!head) co_return;
  Checkpoint checkpoint{head->id, head->count, mac, head->at};
  auto job = [this, checkpoint] { file_.append(checkpoint); };
  co_await pool_.run(std::move(job));
  last_ = std::move(checkpoint);
}

awaitable<void> Checkpointer::judge_last() {
  if (!last_) co_return;
  const auto rows = co_await rows_.chain(last_->id - 1, 1);
  if (!rows.empty() && rows.front().row.id == last_->id && auth::hex(rows.front().mac) == last_->mac)
    co_return;
  runtime::log_error({}, fmt::format("the audit trail was tampered with: row {} is not what it was at {}",
                                     last_->id, rfc3339(last_->at)));
  last_.reset();
}

}  // namespace runbook::audit
