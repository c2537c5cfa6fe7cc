#include "db/cluster_files.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <vector>

namespace runbook::db {
namespace {

namespace fs = std::filesystem;
using runtime::ProcessIdentity;

constexpr const char* kServerUser = "postgres";
constexpr std::string_view kSocketName = ".s.PGSQL.5432";
constexpr std::size_t kSocketPathLimit = 107;

constexpr std::string_view kConfiguration = R"(# Written at every start by runbook-controller.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 15min
log_timezone = 'UTC'
timezone = 'UTC'
log_min_messages = warning
jit = off
)";

std::string read_text(const fs::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

[[noreturn]] void refuse(const fs::path& path, int reason) {
  throw ClusterError(
      fmt::format("{} cannot be written: {}.", path.string(), std::generic_category().message(reason)));
}

void write_text(const fs::path& file, std::string_view text) {
  const fs::path fresh = file.string() + ".new";
  {
    std::ofstream stream{fresh, std::ios::binary | std::ios::trunc};
    stream << text;
    if (!stream.flush()) refuse(file, errno);
  }
  if (rename(fresh.c_str(), file.c_str()) < 0) refuse(file, errno);
}

bool may_enter(const runtime::UserAccount& user, const fs::path& folder) {
  struct stat facts{};
  if (stat(folder.c_str(), &facts) < 0) return false;
  if (facts.st_uid == user.uid) return (facts.st_mode & S_IXUSR) != 0;
  if (facts.st_gid == user.gid) return (facts.st_mode & S_IXGRP) != 0;
  return (facts.st_mode & S_IXOTH) != 0;
}

void make_owned_folder(const fs::path& folder, const ClusterOwner& owner) {
  if (mkdir(folder.c_str(), 0700) < 0) refuse(folder, errno);
  if (owner.account && chown(folder.c_str(), owner.account->uid, owner.account->gid) < 0)
    refuse(folder, errno);
}

// Where a server of this data folder stands: its working directory is the data folder. Unreadable counts as
// yes.
bool stands_in(const ProcessIdentity& process, const fs::path& data) {
  if (!read_text(fmt::format("/proc/{}/comm", process.pid)).starts_with("postgres")) return false;
  struct stat here{};
  struct stat there{};
  if (stat(fmt::format("/proc/{}/cwd", process.pid).c_str(), &here) < 0) return errno != ENOENT;
  return stat(data.c_str(), &there) == 0 && here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

std::optional<ProcessIdentity> locked_by(const fs::path& data, const std::vector<std::string>& lock_lines) {
  if (lock_lines.empty()) return std::nullopt;
  pid_t pid = 0;
  std::from_chars(lock_lines[0].data(), lock_lines[0].data() + lock_lines[0].size(), pid);
  auto process = ProcessIdentity::of(pid);
  if (!process || !stands_in(*process, data)) return std::nullopt;
  return process;
}

void initialise(const ClusterSettings& settings, const ClusterOwner& owner) {
  // Made beside its place and moved there when it is whole: a killed initdb leaves nothing that looks like a
  // cluster.
  const fs::path fresh = settings.data.string() + ".new";
  std::error_code error;
  fs::remove_all(fresh, error);
  make_owned_folder(fresh, owner);
  runtime::ProgramStart start;
  start.program = postgres_programs(std::nullopt) / "initdb";
  start.arguments = {"--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", "--username=runbook",
                     "--no-instructions"};
  if (!settings.durable) start.arguments.emplace_back("--no-sync");
  start.log_file = settings.log_file;
  owner.prepare(start, fresh);
  const auto log_start = file_size_or_zero(settings.log_file);
  if (runtime::run_to_end(start) != 0) {
    const auto reason = last_fatal_line(settings.log_file, log_start);
    fs::remove_all(fresh, error);
    throw ClusterError(fmt::format("initdb failed: {} (see {}).", reason, settings.log_file.string()));
  }
  std::ofstream{fresh / "postgresql.conf", std::ios::app} << "\ninclude = 'runbook.conf'\n";
  if (rename(fresh.c_str(), settings.data.c_str()) < 0) refuse(settings.data, errno);
}

}  // namespace

void ClusterOwner::prepare(runtime::ProgramStart& start, const fs::path& data) const {
  start.user = account;
  start.environment = {
      {"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LANG", "C.UTF-8"}, {"LC_ALL", "C.UTF-8"}, {"HOME", "/"}};
  start.arguments.emplace_back("-D");
  if (reaches_data) {
    start.arguments.push_back(data.string());
    return;
  }
  start.held_folder = data;
  start.arguments.push_back(fmt::format("/proc/self/fd/{}", runtime::kHeldFolder));
}

ClusterOwner cluster_owner(const fs::path& data) {
  ClusterOwner owner;
  if (geteuid() != 0) return owner;
  owner.account = runtime::user_account(kServerUser);
  if (!owner.account) {
    throw ClusterError(
        "PostgreSQL does not run as root and there is no user \"postgres\": install PostgreSQL "
        "(apt install postgresql) or start as another user.");
  }
  for (auto folder = data.parent_path();; folder = folder.parent_path()) {
    owner.reaches_data = owner.reaches_data && may_enter(*owner.account, folder);
    if (folder == folder.parent_path()) break;
  }
  return owner;
}

void write_run_record(const fs::path& file, const RunRecord& record) {
  write_text(file, fmt::format("{}\n{}\n", record.process.str(), record.socket_folder.string()));
}

std::optional<RunRecord> running_postmaster(const ClusterSettings& settings) {
  const auto kept = lines_of(read_text(settings.run_file));
  if (kept.size() == 2) {
    const auto process = ProcessIdentity::parse(kept[0]);
    if (process && process->alive()) return RunRecord{*process, kept[1]};
    remove_socket_folder(kept[1]);
  }
  // Lines of postmaster.pid: pid, data folder, start, port, socket folder, …
  const auto lock = lines_of(read_text(settings.data / "postmaster.pid"));
  const auto process = locked_by(settings.data, lock);
  if (!process || lock.size() < 5) return std::nullopt;
  return RunRecord{*process, lock[4]};
}

std::optional<int> cluster_version(const fs::path& data) {
  const auto text = read_text(data / "PG_VERSION");
  int version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc{}) return std::nullopt;
  return version;
}

void prepare_cluster(const ClusterSettings& settings, const ClusterOwner& owner) {
  if (!cluster_version(settings.data)) {
    std::error_code error;
    if (fs::exists(settings.data, error) && !fs::is_empty(settings.data, error)) {
      throw ClusterError(
          fmt::format("{} is not a PostgreSQL data folder and not empty: choose another --data-dir.",
                      settings.data.string()));
    }
    initialise(settings, owner);
  }
  std::string text{kConfiguration};
  if (!settings.durable) text += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";
  const auto file = settings.data / "runbook.conf";
  write_text(file, text);
  if (owner.account && chown(file.c_str(), owner.account->uid, owner.account->gid) < 0) refuse(file, errno);
}

void remove_stale_lock(const fs::path& data) {
  const auto lock = data / "postmaster.pid";
  if (locked_by(data, lines_of(read_text(lock)))) return;
  std::error_code ignored;
  fs::remove(lock, ignored);
}

fs::path make_socket_folder(const ClusterOwner& owner) {
  std::vector<std::string> bases;
  const char* user_folder =
      std::getenv("XDG_RUNTIME_DIR");  // NOLINT(concurrency-mt-unsafe): threads start later
  if (!owner.account && user_folder != nullptr && user_folder[0] == '/') bases.emplace_back(user_folder);
  if (owner.account) bases.emplace_back("/run");
  bases.emplace_back("/tmp");
  for (const auto& base : bases) {
    std::string name = base + "/rbs-XXXXXX";
    if (name.size() + 1 + kSocketName.size() > kSocketPathLimit || mkdtemp(name.data()) == nullptr) continue;
    if (owner.account && chown(name.c_str(), owner.account->uid, owner.account->gid) < 0) refuse(name, errno);
    return name;
  }
  throw ClusterError("No folder for PostgreSQL's socket can be made in /tmp.");
}

void remove_socket_folder(const fs::path& folder) {
  if (!folder.filename().string().starts_with("rbs-")) return;  // only one of ours
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

std::uintmax_t file_size_or_zero(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

std::string last_fatal_line(const fs::path& log, std::uintmax_t from) {
  std::string last;
  std::string fatal;
  const auto text = read_text(log);
  for (const auto& line : lines_of(text.substr(std::min<std::size_t>(from, text.size())))) {
    if (line.empty()) continue;
    last = line;
    for (const std::string_view word : {"FATAL:  ", "PANIC:  ", "error: "}) {
      const auto at = line.find(word);
      if (at != std::string::npos) fatal = line.substr(at + word.size());
    }
  }
  if (!fatal.empty()) return fatal;
  return last.empty() ? "it ended without a word" : last;
}

}  // namespace runbook::db
