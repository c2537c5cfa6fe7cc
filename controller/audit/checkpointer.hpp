// Checkpointer: writes a checkpoint of the audit trail every few seconds in which it grew, and one at the
// stop; says so in the log when rows that had one are gone. Owned by the composition root; on the
// controller's I/O thread, the file on the database's pool.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>

#include "controller/audit/checkpoint_file.hpp"
#include "controller/store/audit_store.hpp"
#include "protocol/runtime/blocking_pool.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::audit {

class Checkpointer {
 public:
  static constexpr std::chrono::seconds kEvery{5};

  // All outlive this.
  Checkpointer(boost::asio::any_io_executor executor, store::AuditStore& rows, const CheckpointFile& file,
               runtime::BlockingPool& pool);

  void start();
  boost::asio::awaitable<void> stop();
  // Now, if there is something new.
  boost::asio::awaitable<void> write();

 private:
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> judge_last();

  boost::asio::any_io_executor executor_;
  store::AuditStore& rows_;
  const CheckpointFile& file_;
  runtime::BlockingPool& pool_;
  std::optional<Checkpoint> last_;
  runtime::TaskGroup tasks_;
};

}  // namespace runbook::audit
