// Process trees without cgroups: members are found by looking through /proc. The agent is a subreaper, so
// every process its commands started stays its descendant; among those an attempt's members are told by the
// cookie in their environment, by the session or group of the main process, or by a parent that is a member.
// A stray that has shed all three belongs to whoever is the last attempt left, so that nothing stays behind.
#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/runner/image.hpp"
#include "agent/runner/kernel_file.hpp"
#include "agent/runner/process_tree.hpp"
#include "agent/runner/signal_process.hpp"

namespace runbook::runner {
namespace {

struct Registry {
  std::mutex mutex;
  std::set<pid_t> mains;  // of the open trees
  std::size_t trees = 0;
};

struct Entry {
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  unsigned long long start = 0;  // with the id it names one process for good
};

// pid (name) state ppid pgrp session … starttime, proc(5); the name may contain anything, so it ends at the
// last parenthesis.
std::optional<Entry> parse_stat(const std::string& text) {
  const std::size_t close = text.rfind(')');
  if (close == std::string::npos) return std::nullopt;
  char state = 0;
  Entry entry;
  constexpr const char* kFormat =
      " %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu";
  const int read = std::sscanf(text.c_str() + close + 1, kFormat, &state, &entry.parent, &entry.group,
                               &entry.session, &entry.start);
  if (read != 5) return std::nullopt;
  if (state == 'Z' || state == 'X') return std::nullopt;
  return entry;
}

template <class F>
void each_number_in(const std::string& folder, const F& use) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(folder.c_str()), ::closedir);
  if (!directory) return;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else has this stream
  while (const dirent* item = ::readdir(directory.get())) {
    if (const auto number = parse_pid(item->d_name)) use(*number);
  }
}

std::optional<Entry> process(pid_t pid) {
  const auto text = read_kernel_file(fmt::format("/proc/{}/stat", pid));
  return text ? parse_stat(*text) : std::nullopt;
}

std::map<pid_t, Entry> processes() {
  std::map<pid_t, Entry> result;
  each_number_in("/proc", [&result](pid_t pid) {
    if (const auto entry = process(pid)) result.emplace(pid, *entry);
  });
  return result;
}

// The agent's direct children; nothing where the kernel does not offer the list.
std::optional<std::vector<pid_t>> own_children() {
  std::vector<pid_t> result;
  bool offered = false;
  each_number_in("/proc/self/task", [&](pid_t thread) {
    const auto text = read_kernel_file(fmt::format("/proc/self/task/{}/children", thread));
    if (!text) return;
    offered = true;
    std::string_view rest = *text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (const auto pid = parse_pid(rest.substr(0, end))) result.push_back(*pid);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  });
  if (!offered) return std::nullopt;
  return result;
}

bool has_cookie(pid_t pid, const std::string& cookie) {
  const auto environment = read_kernel_file(fmt::format("/proc/{}/environ", pid));
  return environment && (std::string_view(*environment).starts_with(cookie) ||
                         environment->find('\0' + cookie) != std::string::npos);
}

bool has_any_cookie(pid_t pid) { return has_cookie(pid, fmt::format("{}=", kAttemptVariable)); }

class SweepTree final : public ProcessTree {
 public:
  SweepTree(std::shared_ptr<Registry> registry, const Uuid& attempt)
      : registry_(std::move(registry)), cookie_(fmt::format("{}={}", kAttemptVariable, attempt.str())) {
    const std::lock_guard lock(registry_->mutex);
    ++registry_->trees;
  }
  ~SweepTree() override {
    const std::lock_guard lock(registry_->mutex);
    --registry_->trees;
    registry_->mains.erase(main_);
  }

  void set_main(pid_t pid) override {
    const std::lock_guard lock(registry_->mutex);
    main_ = pid;
    registry_->mains.insert(pid);
  }

  void signal(int number) override {
    for (const auto& [pid, start] : members()) {
      signal_process(pid, number, [pid, start] {
        const auto now = process(pid);
        return now && now->start == start;
      });
    }
  }

  void kill() override { signal(SIGKILL); }

  std::size_t alive() override {
    if (nothing_adopted()) return 0;
    return members().size();
  }

 private:
  // True when all the agent's children are main processes of other attempts: after the own main process has
  // ended nothing of this tree can be left. Saves the walk through /proc in the common case.
  bool nothing_adopted() const {
    const auto children = own_children();
    if (!children) return false;
    const std::lock_guard lock(registry_->mutex);
    for (const pid_t child : *children) {
      if (child == main_ || !registry_->mains.contains(child)) return false;
    }
    return true;
  }

  bool is_member(pid_t pid, const Entry& entry) const {
    return pid == main_ || entry.session == main_ || entry.group == main_ || has_cookie(pid, cookie_);
  }

  bool last_tree() const {
    const std::lock_guard lock(registry_->mutex);
    return registry_->trees == 1;
  }

  // Process ids with their start times.
  std::vector<std::pair<pid_t, unsigned long long>> members() const {
    const pid_t self = ::getpid();
    const auto all = processes();
    std::multimap<pid_t, pid_t> children;
    for (const auto& [pid, entry] : all) children.emplace(entry.parent, pid);
    const bool takes_strays = last_tree();

    std::vector<std::pair<pid_t, unsigned long long>> result;
    std::vector<std::pair<pid_t, bool>> open = {{self, false}};
    while (!open.empty()) {
      const auto [parent, parent_is_member] = open.back();
      open.pop_back();
      const auto [first, last] = children.equal_range(parent);
      for (auto it = first; it != last; ++it) {
        const pid_t pid = it->second;
        const bool stray = takes_strays && parent == self && !has_any_cookie(pid);
        const bool member = parent_is_member || stray || is_member(pid, all.at(pid));
        if (member) result.emplace_back(pid, all.at(pid).start);
        open.emplace_back(pid, member);
      }
    }
    return result;
  }

  std::shared_ptr<Registry> registry_;
  std::string cookie_;
  pid_t main_ = -1;
};

class SweepTrees final : public ProcessTrees {
 public:
  TreeKind kind() const override { return TreeKind::kSweep; }
  std::unique_ptr<ProcessTree> make(const Uuid& attempt) override {
    return std::make_unique<SweepTree>(registry_, attempt);
  }

 private:
  std::shared_ptr<Registry> registry_ = std::make_shared<Registry>();
};

}  // namespace

std::unique_ptr<ProcessTrees> sweep_trees() { return std::make_unique<SweepTrees>(); }

}  // namespace runbook::runner
