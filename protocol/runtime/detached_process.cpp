#include "protocol/runtime/detached_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace runbook::runtime {
namespace {

constexpr int kSignals = 65;

std::optional<rlimit> original_files;  // set once, before there are threads

std::string error_text(int number) { return std::generic_category().message(number); }

// Everything the child needs, made before fork(): after it only async-signal-safe calls are allowed, because
// other threads may hold the allocator's locks.
struct Prepared {
  explicit Prepared(const ProgramStart& start) : program(start.program), folder(start.held_folder) {
    texts.push_back(start.program.string());
    texts.insert(texts.end(), start.arguments.begin(), start.arguments.end());
    const auto argument_count = texts.size();
    for (const auto& [name, value] : start.environment) texts.push_back(fmt::format("{}={}", name, value));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      (i < argument_count ? arguments : environment).push_back(texts[i].data());
    }
    arguments.push_back(nullptr);
    environment.push_back(nullptr);
    if (!start.user) return;
    user = start.user;
    int count = 64;
    groups.resize(static_cast<std::size_t>(count));
    getgrouplist(user->name.c_str(), user->gid, groups.data(), &count);
    groups.resize(static_cast<std::size_t>(std::clamp(count, 0, 64)));
  }

  std::string program;
  std::string folder;
  std::vector<std::string> texts;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::optional<UserAccount> user;
  std::vector<gid_t> groups;
  std::optional<rlimit> files = original_files;
};

[[noreturn]] void give_up(int report) {
  const int reason = errno;
  [[maybe_unused]] const auto written = write(report, &reason, sizeof reason);
  _exit(127);
}

[[noreturn]] void become(const Prepared& prepared, int log, int report) {
  setsid();
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the child has this one thread
  for (int number = 1; number < kSignals; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // NOLINT(concurrency-mt-unsafe): as above
  const int null = open("/dev/null", O_RDONLY);
  if (null < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) give_up(report);
  const int kept = dup2(report, 3);
  if (kept < 0 || fcntl(kept, F_SETFD, FD_CLOEXEC) < 0) give_up(report);
  close_range(4, ~0U, 0);
  if (!prepared.folder.empty()) {
    const int held = open(prepared.folder.c_str(), O_PATH | O_DIRECTORY);
    if (held < 0 || (held != kHeldFolder && dup2(held, kHeldFolder) < 0)) give_up(kept);
  }
  if (chdir("/") < 0) give_up(kept);
  if (prepared.files) setrlimit(RLIMIT_NOFILE, &*prepared.files);
  if (prepared.user) {
    if (setgroups(prepared.groups.size(), prepared.groups.data()) < 0) give_up(kept);
    if (setresgid(prepared.user->gid, prepared.user->gid, prepared.user->gid) < 0) give_up(kept);
    if (setresuid(prepared.user->uid, prepared.user->uid, prepared.user->uid) < 0) give_up(kept);
  }
  execve(prepared.program.c_str(), prepared.arguments.data(), prepared.environment.data());
  give_up(kept);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

pid_t start_child(const ProgramStart& start) {
  const Prepared prepared{start};
  // Above 4, so that neither is overwritten when the child puts its own descriptors in place.
  const Descriptor opened{open(start.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
  const Descriptor log{fcntl(opened.get(), F_DUPFD_CLOEXEC, 10)};
  if (log.get() < 0) {
    throw StartFailed(fmt::format("{} cannot be written: {}.", start.log_file.string(), error_text(errno)));
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) throw StartFailed(fmt::format("No pipe: {}.", error_text(errno)));
  const Descriptor read_end{ends[0]};
  Descriptor low_write_end{ends[1]};
  Descriptor write_end{fcntl(ends[1], F_DUPFD_CLOEXEC, 10)};
  low_write_end.reset();

  const pid_t pid = fork();
  if (pid == 0) become(prepared, log.get(), write_end.get());
  if (pid < 0) throw StartFailed(fmt::format("No further process can be started: {}.", error_text(errno)));
  write_end.reset();
  int reason = 0;
  ssize_t got = 0;
  do {
    got = read(read_end.get(), &reason, sizeof reason);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return pid;
  waitpid(pid, nullptr, 0);
  throw StartFailed(fmt::format("{} cannot be started: {}.", start.program.string(), error_text(reason)));
}

}  // namespace

std::optional<UserAccount> user_account(const std::string& name) {
  std::vector<char> buffer(16 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return std::nullopt;
  }
  return UserAccount{name, entry.pw_uid, entry.pw_gid};
}

ProcessIdentity start_detached(const ProgramStart& start) {
  const pid_t pid = start_child(start);
  // Our unreaped child keeps its pid, so this is it; one that ended at once is told apart by start_ticks 0.
  return ProcessIdentity::of(pid).value_or(ProcessIdentity{pid, 0, ""});
}

void raise_open_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max) return;
  original_files = limit;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int run_to_end(const ProgramStart& start) {
  const pid_t pid = start_child(start);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace runbook::runtime
