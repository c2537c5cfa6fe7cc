#include "controller/app/serve_command.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include <cstdio>

#include "controller/app/application.hpp"
#include "controller/app/audit_files.hpp"
#include "controller/app/authority_files.hpp"
#include "controller/app/credential_keys.hpp"
#include "controller/app/dispatch_key_file.hpp"
#include "controller/app/listeners.hpp"
#include "controller/app/run_until_signal.hpp"
#include "db/application_role.hpp"
#include "db/migrator.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::app {
namespace {

// Application as a program of its own: it says when it serves.
class Serve {
 public:
  Serve(boost::asio::any_io_executor executor, const Settings& settings, certs::FleetAuthority authority,
        AuditFiles audit, secrets::FernetKeys credential_keys, DispatchKey dispatch_key)
      : application_(std::move(executor), settings, settings.database_url, std::move(authority),
                     std::move(audit), std::move(credential_keys), std::move(dispatch_key)) {}

  boost::asio::awaitable<void> start() {
    co_await application_.check_credentials();
    application_.start();
    fmt::print("READY {}/ui/\n", application_.public_url());
    std::fflush(stdout);
  }
  boost::asio::awaitable<void> stop() { return application_.stop(); }

 private:
  Application application_;
};

void warn_of_owner(const std::string& database) {
  if (!db::may_change_audit_trail(database)) return;
  runtime::log_warning({},
                       "the controller signs in to the database as a role that may change the audit trail: "
                       "give it one of its own (database_owner_url, docs/hardening.md)");
}

}  // namespace

const std::string& required_database(const Settings& settings) {
  if (!settings.database_url.empty()) return settings.database_url;
  throw SettingsError(
      "There is no database: set database_url in the configuration file, or RUNBOOK_DATABASE_URL, such as "
      "postgresql://runbook@db.example/runbook.");
}

int run_serve(Settings settings) {
  const auto& database = required_database(settings);
  if (settings.ca_certificate.empty() || settings.ca_key.empty()) {
    throw SettingsError("The fleet's authority is missing: set ca_certificate and ca_key to its PEM files.");
  }
  auto authority = authority_from(settings.ca_certificate, settings.ca_key);
  auto audit = audit_files_from(settings);
  auto credential_keys = required_credential_keys();
  auto dispatch_key = dispatch_key_from(settings);
  check_listeners_differ(settings.listen, "listen", settings.agent_listen, "agent_listen");
  settings.listen = checked_listen_address(settings.listen, "listen");
  settings.agent_listen = checked_listen_address(settings.agent_listen, "agent_listen");
  const auto missing = db::pending_migrations(database);
  if (missing > 0) {
    throw db::MigrationRefused(fmt::format(
        "The database lacks {} migration(s) of this program: run `runbook-controller migrate` first.",
        missing));
  }
  warn_of_owner(database);
  boost::asio::io_context context{1};
  SignalWatch signals{context};
  Serve serve{context.get_executor(),     settings,
              std::move(authority),       std::move(audit),
              std::move(credential_keys), std::move(dispatch_key)};
  run_until_signal(context, signals, serve);
  return 0;
}

int run_migrate(const Settings& settings) {
  const auto& database = required_database(settings);
  const bool apart = !settings.database_owner_url.empty();
  const auto applied = db::migrate(apart ? settings.database_owner_url : database);
  if (apart) db::grant_application(settings.database_owner_url, db::role_of(database));
  fmt::print("{} migration(s) applied; the database is up to date.\n", applied);
  return 0;
}

}  // namespace runbook::app
