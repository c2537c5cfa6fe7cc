// `authority create` and `authority status`: rolling the fleet over from one authority to the next
// (docs/agent-identity.md).
#pragma once

#include <string>

#include "controller/app/settings.hpp"

namespace runbook::app {

struct AuthorityOrder {
  std::string certificate;  // files to be made
  std::string key;
};
// Makes another authority in two new files; what is there is never overwritten. Throws SettingsError.
int run_authority_create(const AuthorityOrder& order);

// Says how far the fleet's agents have followed its authorities; 1 while some have not.
int run_authority_status(const Settings& settings);

}  // namespace runbook::app
