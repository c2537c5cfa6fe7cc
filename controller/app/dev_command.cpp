#include "controller/app/dev_command.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdio>
#include <optional>

#include "controller/app/application.hpp"
#include "controller/app/audit_files.hpp"
#include "controller/app/authority_files.hpp"
#include "controller/app/credential_keys.hpp"
#include "controller/app/data_folder.hpp"
#include "controller/app/dispatch_key_file.hpp"
#include "controller/app/listeners.hpp"
#include "controller/app/local_agents.hpp"
#include "controller/app/process_end.hpp"
#include "controller/app/run_until_signal.hpp"
#include "controller/app/standing_key.hpp"
#include "controller/auth/secret.hpp"
#include "controller/store/agent_view_store.hpp"
#include "controller/store/enrollment_token_store.hpp"
#include "db/application_role.hpp"
#include "db/migrator.hpp"
#include "db/private_cluster.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/detached_process.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::app {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr std::chrono::seconds kRevivePause{2};

// Ends the cluster on every way out but a crash.
class ClusterGuard {
 public:
  explicit ClusterGuard(const DataFolder& folder)
      : cluster_(db::PrivateCluster::start({.data = folder.in("postgres"),
                                            .run_file = folder.in("run/postgres.pid"),
                                            .log_file = folder.in("log/postgres.log")})) {}
  ClusterGuard(const ClusterGuard&) = delete;
  ClusterGuard& operator=(const ClusterGuard&) = delete;
  ~ClusterGuard() { cluster_.stop(); }
  std::string url() const { return cluster_.url(); }
  db::PrivateCluster& cluster() { return cluster_; }

 private:
  db::PrivateCluster cluster_;
};

std::string user_name() {
  const auto* entry = getpwuid(geteuid());  // NOLINT(concurrency-mt-unsafe): one thread asks
  return entry == nullptr ? fmt::format("user {}", geteuid()) : entry->pw_name;
}

fs::path agent_program() {
  const auto program = fs::read_symlink("/proc/self/exe").parent_path() / "runbook-agent";
  if (access(program.c_str(), X_OK) == 0) return program;
  throw runtime::StartFailed(
      fmt::format("runbook-agent is not beside runbook-controller in {}: build or install it, or start with "
                  "--local-agents 0.",
                  program.parent_path().string()));
}

LocalAgentSettings agent_settings(const Settings& settings, const DataFolder& folder,
                                  const certs::FleetAuthority& authority, std::string dispatch_key) {
  LocalAgentSettings agents;
  agents.count = settings.local_agents;
  if (agents.count > 0) agents.program = agent_program();
  agents.folder = folder.root();
  agents.controller_url = local_url(settings.agent_listen, true);
  agents.ca_sha256 = authority.sha256();
  agents.dispatch_key = std::move(dispatch_key);
  return agents;
}

// A local agent whose state was lost is another agent now; the old one keeps the name from it until it is
// revoked.
asio::awaitable<void> revoke_namesakes(Application& application, std::string name) {
  auto& agents = application.agents();
  store::AgentFilter filter;
  filter.name = name;
  filter.reach = domain::Reach::everything();
  filter.page.limit = limits::kPageItemsMax;
  const auto known = co_await agents.list(std::move(filter));
  if (!known) co_return;
  for (const auto& agent : known->at("items").as_array()) {
    if (agent.at("host").as_string() != name || agent.at("status").as_string() == "revoked") continue;
    const auto id = Uuid::parse(agent.at("id").as_string());
    if (id) co_await agents.revoke(*id, domain::Reach::everything(), application.origin());
  }
}

asio::awaitable<std::string> new_local_token(Application& application, std::string name) {
  co_await revoke_namesakes(application, std::move(name));
  const auto secret = auth::new_enrollment_token();
  store::NewEnrollmentToken token;
  token.digest = secret.digest;
  token.labels = {{"env", "local"}};
  token.expires_at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) +
                     limits::kEnrolmentTokenLife;
  co_await application.enrollment_tokens().create(std::move(token), application.origin());
  co_return secret.text;
}

void print_ready(const std::string& url, const std::string& token, const DataFolder& folder,
                 const std::vector<std::string>& agents) {
  std::string text = fmt::format("READY {}/ui/\n", url);
  text += fmt::format("Sign in, once and within ten minutes: {}/ui/login#token={}\n", url, token);
  text += fmt::format("Admin key for programs: {}\n", folder.in(kAdminKeyFile).string());
  if (!agents.empty()) {
    text += fmt::format("Commands on {} run as {}, the user who started this.\n", fmt::join(agents, ", "),
                        user_name());
  }
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

// One `dev` on its event loop: everything that is started here is stopped by stop().
class Dev {
 public:
  Dev(asio::any_io_executor executor, const Settings& settings, const DataFolder& folder,
      db::PrivateCluster& cluster, certs::FleetAuthority authority, AuditFiles audit,
      secrets::FernetKeys credential_keys, const DispatchKey& dispatch_key)
      : executor_(executor),
        folder_(folder),
        cluster_(cluster),
        application_(executor, settings, cluster.application_url(), std::move(authority), std::move(audit),
                     std::move(credential_keys), dispatch_key),
        agents_(executor, application_.pool(),
                agent_settings(settings, folder, application_.authority(), dispatch_key.public_key()),
                [this](std::string name) { return new_local_token(application_, std::move(name)); }),
        tasks_(executor, "dev") {}

  asio::awaitable<void> start() {
    co_await application_.check_credentials();
    application_.start();
    tasks_.spawn("watch PostgreSQL", watch_cluster());
    const auto key = co_await standing_key(folder_, application_.api_keys(), application_.runbooks(),
                                           application_.origin());
    co_await agents_.start();
    const auto token = co_await sign_in_token(application_.sessions(), key.id);
    print_ready(application_.public_url(), token, folder_, agents_.names());
  }

  // Agents first: what their commands came to is still stored.
  asio::awaitable<void> stop() {
    co_await tasks_.stop();
    co_await agents_.stop();
    co_await application_.stop();
  }

 private:
  // PostgreSQL that ended by itself is started again; agents and browsers wait meanwhile.
  asio::awaitable<void> watch_cluster() {
    asio::steady_timer timer{executor_};
    while (true) {
      co_await process_end(executor_, cluster_.process());
      runtime::log_warning({}, "PostgreSQL ended and is started again");
      auto revive = [this] { cluster_.revive(); };
      try {
        co_await application_.pool().run(std::move(revive));
        continue;
      } catch (const db::ClusterError& error) {
        runtime::log_error({}, error.what());
      }
      timer.expires_after(kRevivePause);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  asio::any_io_executor executor_;
  const DataFolder& folder_;
  db::PrivateCluster& cluster_;
  Application application_;
  LocalAgents agents_;
  runtime::TaskGroup tasks_;
};

}  // namespace

int run_dev(Settings settings) {
  const auto folder =
      DataFolder::open(settings.data_dir.empty() ? DataFolder::standard() : fs::path{settings.data_dir});
  check_listeners_differ(settings.listen, "--listen", settings.agent_listen, "--agent-listen");
  settings.listen = checked_listen_address(settings.listen, "--listen");
  settings.agent_listen = checked_listen_address(settings.agent_listen, "--agent-listen");

  asio::io_context context{1};
  SignalWatch signals{context};  // from here on they are kept for the event loop
  ClusterGuard guard{folder};
  db::migrate(guard.url());
  db::grant_application(guard.url(), db::kApplicationRole);
  Dev dev{context.get_executor(),
          settings,
          folder,
          guard.cluster(),
          authority_of(folder),
          keep_audit_files(folder),
          keep_credential_keys(folder),
          keep_dispatch_key(folder)};
  run_until_signal(context, signals, dev);
  return 0;
}

}  // namespace runbook::app
