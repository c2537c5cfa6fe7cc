// ListenerCertificates: the certificates that the controller's listeners present and the fleet's authority
// issues. Made anew when two thirds of their life are over, so that a controller may run for as long as it
// likes. On the I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <vector>

#include "certs/authority.hpp"
#include "certs/tls.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::app {

class ListenerCertificates {
 public:
  // `authority` must outlive this.
  ListenerCertificates(boost::asio::any_io_executor executor, const certs::FleetAuthority& authority);

  certs::SslContext for_agents(Time now);
  certs::SslContext for_the_public(Time now);

  // Looks once a day until stop().
  void start();
  boost::asio::awaitable<void> stop() { return tasks_.stop(); }
  void renew_when_due(Time now);

 private:
  struct Presented {
    certs::SslContext listener;
    bool with_authority = false;
    Time issued{};
    Time until{};
  };
  void keep(certs::SslContext listener, bool with_authority, const certs::Certificate& own, Time now);
  boost::asio::awaitable<void> look();

  boost::asio::any_io_executor executor_;
  const certs::FleetAuthority& authority_;
  std::vector<Presented> presented_;
  runtime::TaskGroup tasks_;
};

}  // namespace runbook::app
