// Application: the composition root of the controller. Builds every long-lived object in the order of what
// needs what, connects engine, fleet and live, and ends them in three steps. On one I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

#include "certs/authority.hpp"
#include "controller/app/audit_files.hpp"
#include "controller/app/settings.hpp"
#include "controller/secrets/fernet.hpp"
#include "controller/store/audit_event.hpp"
#include "protocol/messages/dispatch_signature.hpp"
#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::store {
class AgentViewStore;
class ApiKeyStore;
class EnrollmentTokenStore;
class RunbookStore;
class SessionStore;
}  // namespace runbook::store

namespace runbook::app {

class Application {
 public:
  // `database_url` is migrated. Throws SettingsError when the settings' certificates cannot be used.
  Application(boost::asio::any_io_executor executor, const Settings& settings, std::string database_url,
              certs::FleetAuthority authority, AuditFiles audit, secrets::FernetKeys credential_keys,
              DispatchKey dispatch_key);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;
  ~Application();

  // Listens and takes up open executions. Throws ListenError.
  void start();
  // Takes no new work and asks; waits; forces. May be called unstarted and twice; needs at most some seconds.
  boost::asio::awaitable<void> stop();

  std::string public_url() const;
  const certs::FleetAuthority& authority() const;
  store::Origin origin() const;  // of what the controller does by itself
  runtime::BlockingPool& pool();
  store::AgentViewStore& agents();
  store::ApiKeyStore& api_keys();
  // Throws SettingsError when a stored credential does not open with the keys.
  boost::asio::awaitable<void> check_credentials();
  store::EnrollmentTokenStore& enrollment_tokens();
  store::RunbookStore& runbooks();
  store::SessionStore& sessions();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace runbook::app
