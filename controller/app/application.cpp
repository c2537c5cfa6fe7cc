#include "controller/app/application.hpp"

#include <fmt/format.h>

#include "certs/tls.hpp"
#include "controller/api/context.hpp"
#include "controller/api/handler.hpp"
#include "controller/app/authority_files.hpp"
#include "controller/app/credential_keys.hpp"
#include "controller/app/listener_certificates.hpp"
#include "controller/app/listeners.hpp"
#include "controller/audit/audit.hpp"
#include "controller/audit/checkpointer.hpp"
#include "controller/engine/api_caller.hpp"
#include "controller/fleet/agent_listener.hpp"
#include "controller/store/outage.hpp"
#include "controller/store/sealed_value_store.hpp"
#include "db/database.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::app {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

constexpr auto kStopLimit = 2s;  // for each part; a part that needs longer is left to the end of the process

db::DatabaseSettings database_settings(const Settings& settings, std::string url) {
  db::DatabaseSettings database;
  database.url = std::move(url);
  database.connections = settings.database_connections;
  return database;
}

Time now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

// In the clear on loopback only; elsewhere with the settings' certificate, else with one of the fleet's
// authority.
certs::SslContext public_tls(const Settings& settings, ListenerCertificates& own) {
  if (settings.tls_certificate.empty() != settings.tls_key.empty()) {
    throw SettingsError("tls_certificate and tls_key belong together: set both or none.");
  }
  if (!settings.tls_certificate.empty()) {
    const auto certificate = read_setting_file("tls_certificate", settings.tls_certificate);
    const auto key = read_setting_file("tls_key", settings.tls_key);
    try {
      return certs::public_listener(certificate, key);
    } catch (const std::runtime_error&) {
      throw SettingsError(
          fmt::format("tls_certificate {} and tls_key {} are not a matching pair of PEM files.",
                      settings.tls_certificate, settings.tls_key));
    }
  }
  if (settings.listen.is_loopback()) return nullptr;
  return own.for_the_public(now());
}

http::ServerSettings server_settings(std::string name, const ListenAddress& address, certs::SslContext tls) {
  http::ServerSettings server;
  server.name = std::move(name);
  server.endpoint = {asio::ip::make_address(address.address), address.port};
  server.tls = std::move(tls);
  server.is_outage = &store::is_outage;
  server.max_connections_per_address = limits::kHttpConnectionsPerAddress;
  return server;
}

// Agents keep their connections, and a whole site of them may stand behind one address.
http::ServerSettings agent_server_settings(const ListenAddress& address, certs::SslContext tls) {
  auto server = server_settings("agent", address, std::move(tls));
  server.max_connections = limits::kAgentConnections;
  server.max_connections_per_address = limits::kAgentConnectionsPerAddress;
  return server;
}

api::Settings api_settings(const Settings& settings, const certs::FleetAuthority& authority,
                           secrets::FernetKeys keys) {
  return {.public_port = settings.listen.port,
          .agent_url = local_url(settings.agent_listen, true),
          .ca_sha256 = authority.sha256(),
          .credential_keys = std::move(keys),
          .command_policy = settings.command_policy};
}

std::vector<domain::Network> allowed_targets(const Settings& settings) {
  std::vector<domain::Network> networks;
  networks.reserve(settings.allow_api_targets.size());
  for (const auto& text : settings.allow_api_targets)
    networks.push_back(domain::Network::parse(text).value());
  return networks;
}

// Ends one part in bounded time and whatever it throws: the others are to be stopped too.
asio::awaitable<void> stop_part(const char* name, asio::awaitable<void> stop) {
  try {
    const bool in_time = co_await runtime::with_deadline(std::move(stop), kStopLimit);
    if (!in_time) runtime::log_warning({}, fmt::format("{} did not stop in time", name));
  } catch (const std::exception& error) {
    runtime::log_error({}, fmt::format("stopping {}: {}", name, error.what()));
  }
}

}  // namespace

// In the order of what needs what; destroyed backwards.
struct Application::Parts {
  Parts(const asio::any_io_executor& executor, const Settings& given, std::string url,
        certs::FleetAuthority ca, AuditFiles files, secrets::FernetKeys keys, DispatchKey dispatch_key)
      : settings(given),
        audit(std::move(files.key), std::move(files.checkpoints)),
        authority(std::move(ca)),
        certificates(executor, authority),
        tls(public_tls(settings, certificates)),
        database(database_settings(settings, std::move(url))),
        live(live::LiveHub::create(executor, database)),
        hub(fleet::AgentHub::create(executor, database, instance, authority.trusted_sha256(), audit.trail)),
        api_requests(executor, metrics, {.allowed = allowed_targets(settings)}),
        engine(engine::Engine::create(executor, database, *hub, *live, api_requests, metrics, instance, keys,
                                      dispatch_key, audit.trail, settings.command_policy)),
        enrolment(database, database.pool(), authority, dispatch_key.public_key(), audit.trail),
        renewal(database, database.pool(), authority, audit.trail),
        api(database, *engine, *hub, *live, metrics, audit,
            api_settings(settings, authority, std::move(keys))),
        checkpointer(executor, api.audit_rows, audit.checkpoints, database.pool()),
        public_server(executor, server_settings("public", settings.listen, tls),
                      api::make_public_handler(api)),
        agent_server(executor, agent_server_settings(settings.agent_listen, certificates.for_agents(now())),
                     fleet::agent_listener(enrolment, renewal, *hub)) {
    hub->connect_events(*engine);
    hub->connect_observer(*live);
  }

  const Uuid instance = runtime::new_uuid();
  Settings settings;
  audit::Audit audit;
  certs::FleetAuthority authority;
  ListenerCertificates certificates;
  certs::SslContext tls;
  metrics::Metrics metrics;
  db::Database database;
  std::unique_ptr<live::LiveHub> live;
  std::unique_ptr<fleet::AgentHub> hub;
  engine::ApiCaller api_requests;
  std::unique_ptr<engine::Engine> engine;
  fleet::Enrolment enrolment;
  fleet::Renewal renewal;
  api::Context api;
  audit::Checkpointer checkpointer;
  http::Server public_server;
  http::Server agent_server;
};

Application::Application(asio::any_io_executor executor, const Settings& settings, std::string database_url,
                         certs::FleetAuthority authority, AuditFiles audit,
                         secrets::FernetKeys credential_keys, DispatchKey dispatch_key)
    : parts_(std::make_unique<Parts>(executor, settings, std::move(database_url), std::move(authority),
                                     std::move(audit), std::move(credential_keys), std::move(dispatch_key))) {
}

Application::~Application() = default;

void Application::start() {
  parts_->engine->start();
  parts_->checkpointer.start();
  parts_->certificates.start();
  try {
    parts_->agent_server.start();
    parts_->public_server.start();
  } catch (const boost::system::system_error& error) {
    throw ListenError(fmt::format("{} or {} cannot be listened on: {}.", parts_->settings.listen.str(),
                                  parts_->settings.agent_listen.str(), error.code().message()));
  }
  runtime::log_info(
      {}, fmt::format("serving {} and agents on {}", public_url(), parts_->settings.agent_listen.str()));
}

// The engine first: it gives its executions back and starts nothing more. The hubs tell browsers and agents
// to come back later; then the listeners close what is left.
asio::awaitable<void> Application::stop() {
  co_await stop_part("the engine", parts_->engine->stop());
  co_await stop_part("the API requests", parts_->api_requests.stop());
  co_await stop_part("the agent hub", parts_->hub->stop());
  co_await stop_part("the live hub", parts_->live->stop());
  co_await stop_part("the public listener", parts_->public_server.stop());
  co_await stop_part("the agent listener", parts_->agent_server.stop());
  co_await stop_part("the audit trail's checkpoints", parts_->checkpointer.stop());
  co_await stop_part("the listeners' certificates", parts_->certificates.stop());
}

std::string Application::public_url() const {
  if (!parts_->settings.public_url.empty()) return parts_->settings.public_url;
  return local_url(parts_->settings.listen, parts_->tls != nullptr);
}

const certs::FleetAuthority& Application::authority() const { return parts_->authority; }
store::Origin Application::origin() const { return store::Origin(parts_->audit.trail); }
runtime::BlockingPool& Application::pool() { return parts_->database.pool(); }
store::AgentViewStore& Application::agents() { return parts_->api.agents; }
asio::awaitable<void> Application::check_credentials() {
  const auto& keys = parts_->api.settings.credential_keys;
  co_await check_credential_keys(parts_->api.credentials, keys);
  store::SealedValueStore values(parts_->database);
  co_await check_sealed_values(values, keys);
}
store::ApiKeyStore& Application::api_keys() { return parts_->api.api_keys; }
store::EnrollmentTokenStore& Application::enrollment_tokens() { return parts_->api.enrollment_tokens; }
store::RunbookStore& Application::runbooks() { return parts_->api.runbooks; }
store::SessionStore& Application::sessions() { return parts_->api.sessions; }

}  // namespace runbook::app
