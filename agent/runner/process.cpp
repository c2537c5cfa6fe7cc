#include "agent/runner/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <system_error>
#include <vector>

#include "agent/runner/fork.hpp"

namespace runbook::runner {
namespace {

constexpr int kStatusFd = 3;  // of the child, closed by exec
constexpr mode_t kUmask = 077;

// Set once at start, before there are threads.
std::optional<rlimit> limit_of_commands;

// Everything the child needs, as plain pointers: between fork and exec it must not allocate.
struct Plan {
  std::vector<const char*> programs;
  std::vector<char*> argv;
  std::vector<char*> environment;
  const Image* image = nullptr;
  const Account* account = nullptr;
  int cgroup_fd = -1;
  int null_fd = -1;
  int out_fd = -1;
  int err_fd = -1;
  int status_fd = -1;
};

[[noreturn]] void fail(SpawnFailure::Step step, int status_fd) {
  const SpawnFailure failure{step, errno};
  // Less than PIPE_BUF, so it is written whole; should the agent be gone, nobody reads it.
  [[maybe_unused]] const auto written = ::write(status_fd, &failure, sizeof failure);
  ::_exit(127);
}

void default_signals() {
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &action, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);  // NOLINT(concurrency-mt-unsafe): the child has one thread
}

void arrange_descriptors(const Plan& plan) {
  const bool placed = ::dup2(plan.null_fd, 0) >= 0 && ::dup2(plan.out_fd, 1) >= 0 &&
                      ::dup2(plan.err_fd, 2) >= 0 &&
                      (plan.status_fd == kStatusFd || ::dup3(plan.status_fd, kStatusFd, O_CLOEXEC) >= 0) &&
                      ::close_range(kStatusFd + 1, ~0U, 0) == 0;
  if (!placed) fail(SpawnFailure::Step::kStreams, plan.status_fd);
}

void become_account(const Account& account) {
  if (!account.switches) return;
  // Bare system calls: the library's functions would wait for threads that were not copied (fork.hpp).
  const bool changed = ::syscall(SYS_setgroups, account.groups.size(), account.groups.data()) == 0 &&
                       ::syscall(SYS_setresgid, account.gid, account.gid, account.gid) == 0 &&
                       ::syscall(SYS_setresuid, account.uid, account.uid, account.uid) == 0;
  if (!changed) fail(SpawnFailure::Step::kAccount, kStatusFd);
}

void enter_directory(const Image& image) {
  if (::chdir(image.directory.c_str()) == 0) return;
  if (!image.directory_may_fail || ::chdir("/") != 0) fail(SpawnFailure::Step::kDirectory, kStatusFd);
}

// In the child: only async-signal-safe calls, because the agent has more than one thread.
[[noreturn]] void become(const Plan& plan, bool joined) {
  default_signals();
  ::setsid();
  if (plan.cgroup_fd >= 0 && !joined && !join_cgroup(plan.cgroup_fd))
    fail(SpawnFailure::Step::kCgroup, plan.status_fd);
  arrange_descriptors(plan);
  ::umask(kUmask);
  if (limit_of_commands) ::setrlimit(RLIMIT_NOFILE, &*limit_of_commands);
  become_account(*plan.account);
  enter_directory(*plan.image);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(SpawnFailure::Step::kAccount, kStatusFd);
  int error = ENOENT;
  for (const char* program : plan.programs) {
    ::execve(program, plan.argv.data(), plan.environment.data());
    // As execvp(3): a program that may not be run is remembered, but another on the path may do.
    if (errno != ENOENT && errno != ENOTDIR) error = errno;
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) break;
  }
  errno = error;
  fail(SpawnFailure::Step::kExec, kStatusFd);
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (const std::string& word : words)
    result.push_back(const_cast<char*>(word.c_str()));  // execve(2) is older than const
  result.push_back(nullptr);
  return result;
}

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

// Never 0, 1 or 2, so that arranging the child's descriptors cannot run over one that is still needed.
FileDescriptor above_standard(int fd) {
  if (fd > STDERR_FILENO) return FileDescriptor(fd);
  const FileDescriptor low(fd);
  const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, kStatusFd);
  if (moved < 0) throw std::system_error(errno, std::generic_category(), "fcntl");
  return FileDescriptor(moved);
}

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  FileDescriptor read(ends[0]);
  FileDescriptor write(ends[1]);
  Pipe pipe{above_standard(read.release()), above_standard(write.release())};
  ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

// With signals blocked the child cannot run one of the agent's handlers before it has reset them.
pid_t fork_without_signals(const Plan& plan) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const Forked child = fork_into(plan.cgroup_fd);
  if (child.pid == 0) become(plan, child.joined);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (child.pid < 0) throw std::system_error(error, std::generic_category(), "fork");
  return child.pid;
}

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit_of_commands = limit;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Spawned spawn(const Image& image, const Account& account, int cgroup_fd) {
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  Pipe status = make_pipe();
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0) throw std::system_error(errno, std::generic_category(), "open /dev/null");
  const FileDescriptor null_fd = above_standard(null);

  Plan plan;
  for (const std::string& program : image.programs) plan.programs.push_back(program.c_str());
  plan.argv = pointers(image.argv);
  plan.environment = pointers(image.environment);
  plan.image = &image;
  plan.account = &account;
  plan.cgroup_fd = cgroup_fd;
  plan.null_fd = null_fd.get();
  plan.out_fd = out.write.get();
  plan.err_fd = err.write.get();
  plan.status_fd = status.write.get();

  Spawned result;
  result.pid = fork_without_signals(plan);
  result.out = std::move(out.read);
  result.err = std::move(err.read);
  result.status = std::move(status.read);
  return result;
}

std::optional<SpawnFailure> read_status(int status_fd) {
  SpawnFailure failure;
  const auto count = ::read(status_fd, &failure, sizeof failure);
  if (count == sizeof failure) return failure;
  return std::nullopt;
}

NotStarted describe(const SpawnFailure& failure, const Image& image, const Account& account) {
  const std::string why = std::generic_category().message(failure.error);
  switch (failure.step) {
    case SpawnFailure::Step::kAccount:
      return {"not_permitted",
              fmt::format("The agent cannot run commands as \"{}\": {}.", account.name, why)};
    case SpawnFailure::Step::kDirectory:
      return {"spawn_failed",
              fmt::format("The working directory \"{}\" cannot be used: {}.", image.directory, why)};
    case SpawnFailure::Step::kExec:
      return {"spawn_failed", fmt::format("\"{}\" cannot be run: {}.", image.argv.front(), why)};
    case SpawnFailure::Step::kCgroup:
      return {"spawn_failed", fmt::format("The command's control group cannot be joined: {}.", why)};
    case SpawnFailure::Step::kStreams: break;
  }
  return {"spawn_failed", fmt::format("The command's descriptors cannot be set up: {}.", why)};
}

}  // namespace runbook::runner
