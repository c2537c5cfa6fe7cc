// The files of a private cluster: data folder, configuration, run record, socket folder, and whom they belong
// to. Blocks; every fault is a ClusterError.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "db/private_cluster.hpp"

namespace runbook::db {

// PostgreSQL refuses to run as root, so it then runs as "postgres" (nothing: as ourselves).
struct ClusterOwner {
  std::optional<runtime::UserAccount> account;
  bool reaches_data = true;  // may enter every folder above the data folder

  // Fills in who runs the program and the data folder's name for it (-D). Where a parent folder is closed to
  // its user, a descriptor of the folder leads there all the same, so that no mode has to be widened.
  void prepare(runtime::ProgramStart& start, const std::filesystem::path& data) const;
};
ClusterOwner cluster_owner(const std::filesystem::path& data);

// What is running: kept in the run file as two lines, identity and socket folder.
struct RunRecord {
  runtime::ProcessIdentity process;
  std::filesystem::path socket_folder;
};
void write_run_record(const std::filesystem::path& file, const RunRecord& record);

// The live postmaster of this data folder: by the run file, else by PostgreSQL's own postmaster.pid (a
// starter killed before it wrote the run file).
std::optional<RunRecord> running_postmaster(const ClusterSettings& settings);

// Major version in the data folder's PG_VERSION; nothing when there is no cluster yet.
std::optional<int> cluster_version(const std::filesystem::path& data);

// initdb when there is no cluster yet; then our configuration.
void prepare_cluster(const ClusterSettings& settings, const ClusterOwner& owner);

// Removes postmaster.pid when no postmaster of this folder is alive. PostgreSQL itself only asks whether the
// pid is in use, which after a reboot it mostly is.
void remove_stale_lock(const std::filesystem::path& data);

std::filesystem::path make_socket_folder(const ClusterOwner& owner);
void remove_socket_folder(const std::filesystem::path& folder);

std::uintmax_t file_size_or_zero(const std::filesystem::path& file);
// The last FATAL or PANIC line after byte `from` of the log, else its last line.
std::string last_fatal_line(const std::filesystem::path& log, std::uintmax_t from);

}  // namespace runbook::db
