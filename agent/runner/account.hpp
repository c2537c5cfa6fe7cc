// Account: the system user a command runs as. Look-ups ask the name service and may block: use the disk
// thread.
#pragma once

#include <sys/types.h>

#include <expected>
#include <string>
#include <vector>

#include "agent/runner/command.hpp"

namespace runbook::runner {

struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  // supplementary ones; filled only when `switches`
  std::string name;
  std::string home;
  std::string shell;
  bool switches = false;  // the child has to change to this account
};

// The agent's own account. A user without an entry gets its number as name and `/` as home.
Account own_account();

// The account for `run_as`; `own` when it is empty or names the agent's own user. Only root may change to
// another: otherwise "not_permitted"; a name the host does not know is "unknown_user".
std::expected<Account, NotStarted> account_for(const std::string& run_as, const Account& own);

}  // namespace runbook::runner
