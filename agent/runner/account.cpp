#include "agent/runner/account.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <optional>

namespace runbook::runner {
namespace {

constexpr std::size_t kEntryBytesMax = 1024 * 1024;

using LookUp = std::function<int(passwd*, char*, std::size_t, passwd**)>;

// One passwd entry through a reentrant look-up that wants a buffer of unknown size.
std::optional<Account> entry(const LookUp& look_up) {
  std::vector<char> buffer(4096);
  passwd record{};
  passwd* found = nullptr;
  while (look_up(&record, buffer.data(), buffer.size(), &found) == ERANGE && buffer.size() < kEntryBytesMax) {
    buffer.resize(buffer.size() * 2);
  }
  if (found == nullptr) return std::nullopt;
  Account account;
  account.uid = record.pw_uid;
  account.gid = record.pw_gid;
  account.name = record.pw_name;
  account.home = record.pw_dir;
  account.shell = record.pw_shell;
  if (account.home.empty()) account.home = "/";
  if (account.shell.empty()) account.shell = "/bin/sh";
  return account;
}

std::vector<gid_t> groups_of(const Account& account) {
  std::vector<gid_t> groups(64);
  int count = static_cast<int>(groups.size());
  if (getgrouplist(account.name.c_str(), account.gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
    getgrouplist(account.name.c_str(), account.gid, groups.data(), &count);
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

}  // namespace

Account own_account() {
  const uid_t uid = geteuid();
  const LookUp by_number = [uid](passwd* record, char* buffer, std::size_t size, passwd** found) {
    return getpwuid_r(uid, record, buffer, size, found);
  };
  if (auto account = entry(by_number)) return *account;
  Account account;
  account.uid = uid;
  account.gid = getegid();
  account.name = fmt::format("{}", uid);
  account.home = "/";
  account.shell = "/bin/sh";
  return account;
}

std::expected<Account, NotStarted> account_for(const std::string& run_as, const Account& own) {
  if (run_as.empty() || run_as == own.name) return own;
  const LookUp by_name = [&run_as](passwd* record, char* buffer, std::size_t size, passwd** found) {
    return getpwnam_r(run_as.c_str(), record, buffer, size, found);
  };
  auto account = entry(by_name);
  if (!account) {
    return std::unexpected(NotStarted{"unknown_user", fmt::format("This host has no user \"{}\".", run_as)});
  }
  if (account->uid == own.uid && account->gid == own.gid) return *account;
  if (geteuid() != 0) {
    return std::unexpected(
        NotStarted{"not_permitted",
                   fmt::format("The agent runs as {} and only an agent of root may run commands as \"{}\".",
                               own.name, run_as)});
  }
  account->groups = groups_of(*account);
  account->switches = true;
  return *account;
}

}  // namespace runbook::runner
