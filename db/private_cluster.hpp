// PrivateCluster: a PostgreSQL of our own for `runbook-controller dev` and for tests. It listens on a Unix
// socket in a short folder of its own, survives the death of its starter and is adopted by the next one (pid
// and start time in the run file). Blocks; used from one thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include "protocol/runtime/detached_process.hpp"
#include "protocol/runtime/process_identity.hpp"

namespace runbook::db {

// PostgreSQL cannot be had; the message is one sentence for the person at the terminal.
struct ClusterError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ClusterSettings {
  std::filesystem::path data;      // made by initdb when it is absent
  std::filesystem::path run_file;  // remembers the running postmaster and its socket folder
  std::filesystem::path log_file;
  bool durable = true;  // false: tests, where nothing has to survive a power cut
};

// Who the controller signs in as; the cluster has it from its start.
inline constexpr const char* kApplicationRole = "runbook_controller";

class PrivateCluster {
 public:
  // Adopts the running one or starts it, and answers when it takes connections.
  static PrivateCluster start(const ClusterSettings& settings);

  // Database "runbook", as the role that owns it; `database` names another one of the cluster.
  std::string url(const std::string& database = "runbook") const;
  // The same as kApplicationRole, which has no rights until grant_application() (application_role.hpp).
  std::string application_url(const std::string& database = "runbook") const;
  bool adopted() const { return adopted_; }
  const runtime::ProcessIdentity& process() const { return process_; }
  bool running() const { return process_.alive(); }

  // Starts it again after it ended by itself, at the same address. Throws ClusterError.
  void revive();

  // Ends it (fast, then immediate, then by force), and removes socket folder and run file. May be called
  // twice.
  void stop();

 private:
  PrivateCluster(ClusterSettings settings, runtime::ProcessIdentity process,
                 std::filesystem::path socket_folder, bool adopted);

  ClusterSettings settings_;
  runtime::ProcessIdentity process_;
  std::filesystem::path socket_folder_;
  bool adopted_ = false;
};

// Address of the database of a cluster that runs already, as kApplicationRole; nothing when none does.
std::optional<std::string> running_cluster_url(const ClusterSettings& settings);

// Folder of the newest installed PostgreSQL's programs, or of exactly major version `version`. Throws
// ClusterError that names the package to install.
std::filesystem::path postgres_programs(std::optional<int> version);

}  // namespace runbook::db
