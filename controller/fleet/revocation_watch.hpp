// RevocationWatch: looks every limits::kRevocationPoll for agents of this controller that were revoked by
// anyone, or whose certificates have all ended, and has them cut off. On the controller's I/O thread; runs
// until it is cancelled.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>

#include "controller/store/agent_certificates.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::fleet {

class RevocationWatch {
 public:
  using Cut = std::function<boost::asio::awaitable<void>(Uuid agent)>;
  // The database must outlive this. `cut` may be told of agents that have left meanwhile.
  RevocationWatch(boost::asio::any_io_executor executor, db::Database& database, Uuid instance, Cut cut);

  boost::asio::awaitable<void> run();

 private:
  boost::asio::awaitable<void> look();

  boost::asio::any_io_executor executor_;
  store::AgentCertificates certificates_;
  Uuid instance_;
  Cut cut_;
};

}  // namespace runbook::fleet
