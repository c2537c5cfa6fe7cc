#include "controller/app/listener_certificates.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/runtime/logging.hpp"

namespace runbook::app {
namespace {

constexpr std::chrono::hours kLook{24};
// Every agent has to follow a rollover of the authority, so it begins in time.
constexpr std::chrono::hours kWarnBefore{24 * 180};

Time present() { return std::chrono::floor<Time::duration>(std::chrono::system_clock::now()); }

}  // namespace

ListenerCertificates::ListenerCertificates(boost::asio::any_io_executor executor,
                                           const certs::FleetAuthority& authority)
    : executor_(executor), authority_(authority), tasks_(executor, "listener certificates") {}

certs::SslContext ListenerCertificates::for_agents(Time now) {
  const auto own = authority_.issue_controller(now);
  auto listener = certs::agent_listener(own.certificate.pem, own.key_pem, authority_.trusted_pem());
  keep(listener, true, own.certificate, now);
  return listener;
}

certs::SslContext ListenerCertificates::for_the_public(Time now) {
  const auto own = authority_.issue_controller(now);
  auto listener = certs::public_listener(own.certificate.pem, own.key_pem);
  keep(listener, false, own.certificate, now);
  return listener;
}

void ListenerCertificates::keep(certs::SslContext listener, bool with_authority,
                                const certs::Certificate& own, Time now) {
  presented_.push_back({std::move(listener), with_authority, now, own.not_after});
}

void ListenerCertificates::start() { tasks_.spawn("renewal", look()); }

boost::asio::awaitable<void> ListenerCertificates::look() {
  boost::asio::steady_timer timer(executor_);
  for (;;) {
    const auto now = present();
    renew_when_due(now);
    if (authority_.not_after() - now < kWarnBefore) {
      runtime::log_warning({}, fmt::format("the fleet's authority ends at {}: roll over to another one "
                                           "(docs/agent-identity.md)",
                                           rfc3339(authority_.not_after())));
    }
    timer.expires_after(kLook);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

void ListenerCertificates::renew_when_due(Time now) {
  for (auto& presented : presented_) {
    if (now < presented.issued + (presented.until - presented.issued) * 2 / 3) continue;
    const auto own = authority_.issue_controller(now);
    certs::present_instead(presented.listener, own.certificate.pem, own.key_pem,
                           presented.with_authority ? authority_.trusted_pem() : "");
    presented.issued = now;
    presented.until = own.certificate.not_after;
    runtime::log_info({}, fmt::format("a listener presents a new certificate, good until {}",
                                      rfc3339(own.certificate.not_after)));
  }
}

}  // namespace runbook::app
