// RevocationWatch: looks every limits::kRevocationPoll for links of this controller whose agent was revoked
// by anyone, or whose certificate has ended, and has them cut off. On the controller's I/O thread; runs until
// it is cancelled.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <vector>

#include "controller/store/agent_certificates.hpp"

namespace runbook::fleet {

class RevocationWatch {
 public:
  using Open = std::function<std::vector<store::OpenLink>()>;
  using Cut = std::function<boost::asio::awaitable<void>(store::EndedLink)>;
  // The database must outlive this. `cut` may be told of links that have ended meanwhile.
  RevocationWatch(boost::asio::any_io_executor executor, db::Database& database, Open open, Cut cut);

  boost::asio::awaitable<void> run();

 private:
  boost::asio::awaitable<void> look();

  boost::asio::any_io_executor executor_;
  store::AgentCertificates certificates_;
  Open open_;
  Cut cut_;
};

}  // namespace runbook::fleet
