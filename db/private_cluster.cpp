#include "db/private_cluster.hpp"

#include <fmt/format.h>
#include <pqxx/pqxx>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "db/cluster_files.hpp"
#include "db/connection_string.hpp"

namespace runbook::db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using runtime::ProcessIdentity;

constexpr auto kStartLimit = 60s;  // a crashed server replays its log first
constexpr auto kRetryPause = 10ms;
constexpr auto kAdoptLimit = 20s;
constexpr auto kSocketLimit = 1s;  // a postmaster makes its socket before anything that takes long
constexpr const char* kSocket = ".s.PGSQL.5432";
constexpr std::string_view kOwnerRole = "runbook";
constexpr const char* kApplicationRoleThere = "SELECT to_regrole('runbook_controller')";
constexpr const char* kMakeApplicationRole = "CREATE ROLE runbook_controller LOGIN";
constexpr auto kFastStop = 5s;
constexpr auto kImmediateStop = 2s;

std::string socket_url(const fs::path& folder, const std::string& database,
                       std::string_view role = kOwnerRole) {
  return fmt::format("host={} dbname={} user={}", folder.string(), database, role);
}

void end_process(const ProcessIdentity& process) {
  for (const auto& [number, limit] :
       {std::pair{SIGINT, kFastStop}, {SIGQUIT, kImmediateStop}, {SIGKILL, 1s}}) {
    process.send_signal(number);
    if (process.wait_for_end(limit)) return;
  }
}

// True when the server takes connections and the database and both roles are there.
bool accepts(const fs::path& socket_folder) {
  if (!fs::exists(socket_folder / kSocket)) return false;
  DatabaseSettings settings;
  settings.url = socket_url(socket_folder, "postgres");
  try {
    pqxx::connection session{connection_string(settings)};
    pqxx::nontransaction work{session};
    if (work.exec("SELECT 1 FROM pg_database WHERE datname = 'runbook'").empty()) {
      work.exec("CREATE DATABASE runbook");
    }
    if (work.exec(kApplicationRoleThere)[0][0].is_null()) work.exec(kMakeApplicationRole);
    return true;
  } catch (const pqxx::broken_connection&) {  // starting up, replaying, or gone
    return false;
  }
}

bool becomes_ready(const ProcessIdentity& process, const fs::path& socket_folder, std::chrono::seconds limit,
                   std::chrono::seconds socket_limit) {
  const auto began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() < began + limit) {
    if (accepts(socket_folder)) return true;
    if (process.wait_for_end(kRetryPause)) return false;
    if (std::chrono::steady_clock::now() > began + socket_limit && !fs::exists(socket_folder / kSocket))
      return false;
  }
  return false;
}

// A postmaster that was killed leaves its workers for a moment; a new one refuses to start beside them.
bool is_passing(const std::string& reason) {
  return reason.find("shared memory block") != std::string::npos ||
         reason.find("lock file") != std::string::npos;
}

RunRecord launch(const ClusterSettings& settings, const ClusterOwner& owner, fs::path socket_folder) {
  const auto programs = postgres_programs(cluster_version(settings.data));
  RunRecord record;
  record.socket_folder = std::move(socket_folder);
  runtime::ProgramStart start;
  start.program = programs / "postgres";
  start.arguments = {"-k", record.socket_folder.string()};
  start.log_file = settings.log_file;
  owner.prepare(start, settings.data);
  record.process = runtime::start_detached(start);
  write_run_record(settings.run_file, record);
  return record;
}

void give_up_on(const ClusterSettings& settings, const RunRecord& record) {
  end_process(record.process);
  remove_socket_folder(record.socket_folder);
  std::error_code ignored;
  fs::remove(settings.run_file, ignored);
}

RunRecord launch_until_ready(const ClusterSettings& settings, const ClusterOwner& owner,
                             const fs::path& socket_folder) {
  const auto until = std::chrono::steady_clock::now() + kStartLimit;
  while (true) {
    remove_stale_lock(settings.data);
    const auto log_start = file_size_or_zero(settings.log_file);
    auto record = launch(settings, owner, socket_folder);
    if (becomes_ready(record.process, record.socket_folder, kStartLimit, kStartLimit)) return record;
    end_process(record.process);
    const auto reason = last_fatal_line(settings.log_file, log_start);
    if (!is_passing(reason) || std::chrono::steady_clock::now() > until) {
      throw ClusterError(
          fmt::format("PostgreSQL did not start: {} (see {}).", reason, settings.log_file.string()));
    }
    std::this_thread::sleep_for(50ms);  // nothing tells us when the last worker of a killed server is gone
  }
}

}  // namespace

PrivateCluster::PrivateCluster(ClusterSettings settings, ProcessIdentity process, fs::path socket_folder,
                               bool adopted)
    : settings_(std::move(settings)),
      process_(std::move(process)),
      socket_folder_(std::move(socket_folder)),
      adopted_(adopted) {}

PrivateCluster PrivateCluster::start(const ClusterSettings& settings) {
  if (const auto known = running_postmaster(settings)) {
    if (becomes_ready(known->process, known->socket_folder, kAdoptLimit, kSocketLimit)) {
      write_run_record(settings.run_file, *known);
      return {settings, known->process, known->socket_folder, true};
    }
    give_up_on(settings, *known);  // alive but out of reach: its socket was removed from outside
  }
  const auto owner = cluster_owner(settings.data);
  prepare_cluster(settings, owner);
  const auto socket_folder = make_socket_folder(owner);
  try {
    const auto record = launch_until_ready(settings, owner, socket_folder);
    return {settings, record.process, record.socket_folder, false};
  } catch (const ClusterError&) {
    give_up_on(settings, {{}, socket_folder});
    throw;
  }
}

void PrivateCluster::revive() {
  process_ = launch_until_ready(settings_, cluster_owner(settings_.data), socket_folder_).process;
}

std::string PrivateCluster::url(const std::string& database) const {
  return socket_url(socket_folder_, database);
}

std::string PrivateCluster::application_url(const std::string& database) const {
  return socket_url(socket_folder_, database, kApplicationRole);
}

std::optional<std::string> running_cluster_url(const ClusterSettings& settings) {
  const auto running = running_postmaster(settings);
  if (!running) return std::nullopt;
  return socket_url(running->socket_folder, "runbook", kApplicationRole);
}

void PrivateCluster::stop() { give_up_on(settings_, {process_, socket_folder_}); }

}  // namespace runbook::db
