// Process trees as cgroup v2 leaves: <own cgroup>/runbook-agent-<pid>/<attempt>. No controllers are switched
// on, so the agent itself may stay where it is; in a hybrid layout the v2 hierarchy lies beside the v1 ones.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "agent/runner/file_descriptor.hpp"
#include "agent/runner/fork.hpp"
#include "agent/runner/kernel_file.hpp"
#include "agent/runner/process_tree.hpp"
#include "agent/runner/signal_process.hpp"

namespace runbook::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "runbook-agent-";
constexpr mode_t kMode = 0755;

template <class F>
void each_line(std::string_view text, const F& use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// The n-th word of a line, counted from 0.
std::string_view word(std::string_view line, int index) {
  while (index-- > 0) line.remove_prefix(std::min(line.find(' '), line.size() - 1) + 1);
  return line.substr(0, line.find(' '));
}

// Where the v2 hierarchy is mounted, in unified and hybrid layouts alike.
std::optional<std::string> mount_point() {
  const auto mounts = read_kernel_file("/proc/mounts");
  std::optional<std::string> found;
  each_line(mounts.value_or(""), [&found](std::string_view line) {
    if (!found && word(line, 2) == "cgroup2") found = word(line, 1);
  });
  return found;
}

std::optional<std::string> own_folder() {
  const auto mount = mount_point();
  const auto groups = read_kernel_file("/proc/self/cgroup");
  if (!mount || !groups) return std::nullopt;
  std::optional<std::string> folder;
  each_line(*groups, [&](std::string_view line) {
    if (line.starts_with("0::/")) folder = *mount + std::string(line.substr(3));
  });
  if (folder && folder->ends_with('/')) folder->pop_back();
  return folder;
}

// Calls `use` with `folder` and every group below it, deepest first: commands may have made groups of their
// own.
void each_group(const std::string& folder, const std::function<void(const std::string&)>& use) {
  std::error_code ignored;
  for (fs::directory_iterator it(folder, ignored), end; it != end; it.increment(ignored)) {
    if (it->is_directory(ignored) && !it->is_symlink(ignored)) each_group(it->path().string(), use);
  }
  use(folder);
}

void remove_groups(const std::string& folder) {
  each_group(folder, [](const std::string& group) { ::rmdir(group.c_str()); });
}

class CgroupTree final : public ProcessTree {
 public:
  CgroupTree(std::string folder, std::string path_in_hierarchy)
      : folder_(std::move(folder)), path_(std::move(path_in_hierarchy)) {
    if (::mkdir(folder_.c_str(), kMode) != 0)
      throw std::system_error(errno, std::generic_category(), "mkdir " + folder_);
    group_ = FileDescriptor(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!group_) {
      const int error = errno;
      ::rmdir(folder_.c_str());
      throw std::system_error(error, std::generic_category(), "open " + folder_);
    }
  }
  ~CgroupTree() override { remove_groups(folder_); }

  int cgroup_fd() const override { return group_.get(); }
  void set_main(pid_t) override {}

  void signal(int number) override {
    each_member([&](pid_t pid) {
      signal_process(pid, number, [&] {
        const auto groups = read_kernel_file(fmt::format("/proc/{}/cgroup", pid));
        return groups && groups->find("0::" + path_) != std::string::npos;
      });
    });
  }

  void kill() override { write_kernel_file(folder_ + "/cgroup.kill", "1"); }

  std::size_t alive() override {
    const auto events = read_kernel_file(folder_ + "/cgroup.events");
    if (events && events->find("populated 0") != std::string::npos) return 0;
    std::size_t count = 0;
    each_member([&count](pid_t) { ++count; });
    return count;
  }

 private:
  template <class F>
  void each_member(const F& use) const {
    each_group(folder_, [&use](const std::string& group) {
      const auto members = read_kernel_file(group + "/cgroup.procs");
      each_line(members.value_or(""), [&use](std::string_view line) {
        if (const auto pid = parse_pid(line)) use(*pid);
      });
    });
  }

  std::string folder_;
  std::string path_;  // as /proc/PID/cgroup shows it
  FileDescriptor group_;
};

class CgroupTrees final : public ProcessTrees {
 public:
  CgroupTrees(std::string folder, std::string path) : folder_(std::move(folder)), path_(std::move(path)) {}
  ~CgroupTrees() override { remove_groups(folder_); }

  TreeKind kind() const override { return TreeKind::kCgroup; }
  std::unique_ptr<ProcessTree> make(const Uuid& attempt) override {
    return std::make_unique<CgroupTree>(folder_ + "/" + attempt.str(), path_ + "/" + attempt.str());
  }

 private:
  std::string folder_;
  std::string path_;
};

// Groups of agents that were killed; their processes, if any are left, keep them from being removed.
void remove_stale(const std::string& parent) {
  std::error_code ignored;
  for (fs::directory_iterator it(parent, ignored), end; it != end; it.increment(ignored)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    const auto pid = parse_pid(std::string_view(name).substr(kPrefix.size()));
    if (pid && ::kill(*pid, 0) != 0 && errno == ESRCH) remove_groups(it->path().string());
  }
}

// Making a folder is often allowed where moving a process is not: so one is really moved.
bool can_join(const ProcessTree& leaf) {
  const Forked child = fork_into(leaf.cgroup_fd());
  if (child.pid == 0) ::_exit(child.joined || join_cgroup(leaf.cgroup_fd()) ? 0 : 1);
  int status = -1;
  return child.pid > 0 && ::waitpid(child.pid, &status, 0) == child.pid && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

}  // namespace

std::unique_ptr<ProcessTrees> cgroup_trees() {
  const auto parent = own_folder();
  if (!parent) return nullptr;
  remove_stale(*parent);
  const std::string folder = fmt::format("{}/{}{}", *parent, kPrefix, ::getpid());
  // A leaf of this name is a leftover of an earlier agent with our process id.
  if (::mkdir(folder.c_str(), kMode) != 0 && errno != EEXIST) return nullptr;
  const std::string mount = mount_point().value_or("");
  auto trees = std::make_unique<CgroupTrees>(folder, folder.substr(mount.size()));
  try {
    const auto leaf = trees->make(Uuid{});
    const bool has_kill = ::access((folder + "/" + Uuid{}.str() + "/cgroup.kill").c_str(), W_OK) == 0;
    if (has_kill && can_join(*leaf)) return trees;
  } catch (const std::system_error&) {
    return nullptr;
  }
  return nullptr;
}

}  // namespace runbook::runner
